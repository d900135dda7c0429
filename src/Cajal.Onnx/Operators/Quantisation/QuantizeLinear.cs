namespace Cajal.Onnx;

/// <summary>QuantizeLinear and DequantizeLinear: y = saturate(round(x / scale) + zero), and back. One scale for all, one for each place along an axis, or one for each block along it.</summary>
internal static class QuantizeLinear
{
    internal static void Register(Registry registry)
    {
        registry.Add("QuantizeLinear", [10, 13, 19, 21, 23, 24, 25], node =>
        {
            int axis = node.Int("axis", 1), block = node.Int("block_size", 0);
            var type = node.Element("output_dtype", OnnxElement.Undefined);
            bool saturate = node.Flag("saturate", true);
            return call =>
            {
                var zero = call.Optional(2);
                var to = zero?.Element ?? (type != OnnxElement.Undefined ? type : OnnxElement.UInt8);
                var x = Integers.Real(call.X(0), call.Element(), call.X(1).DType);
                call.Set(0, Quantise(x, Spread(call.X(1), x, axis, block), zero is null ? null : Spread(zero.Data, x, axis, block), to, saturate));
            };
        });
        registry.Add("DequantizeLinear", [10, 13, 19, 21, 23, 24, 25], node =>
        {
            int axis = node.Int("axis", 1), block = node.Int("block_size", 0);
            var type = node.Element("output_dtype", OnnxElement.Undefined);
            return call =>
            {
                Tensor scale = call.X(1), x = call.X(0);
                var difference = call.Has(2) ? x - Spread(call.X(2), x, axis, block) : x;
                call.Return(difference.Cast(scale.DType) * Spread(scale, x, axis, block), type == OnnxElement.Undefined ? call.Element(1) : type);
            };
        });
        registry.Add("DynamicQuantizeLinear", [11], _ => static call => Dynamic(call));
    }

    /// <summary>Whole numbers of the type <paramref name="to"/>; scale and zero broadcast to x.</summary>
    internal static OnnxTensor Quantise(Tensor x, Tensor scale, Tensor? zero, OnnxElement to, bool saturate = true)
    {
        var steps = x.Detach() / scale;
        if (to.IsTinyFloat)
        {
            var format = TinyFloat.Of(to);
            return new(Narrowing.Round(zero is null ? steps : steps + zero, value => format.Round(value, saturate)), to);
        }
        var whole = steps.Round();
        if (zero is not null) whole += zero.Cast(whole.DType);
        return new(whole.Clamp(to.Least, to.Most).Cast(to.Carrier), to);
    }

    /// <summary>Scales or zeros in the shape of x: a single one as it is, those of an axis among axes of length 1, those of blocks repeated.</summary>
    private static Tensor Spread(Tensor values, Tensor x, int axis, int block)
    {
        if (values.Count == 1 && block == 0) return values.Reshape();
        axis = Numbers.Axis(axis, x.Rank);
        if (values.Rank == 1 && block == 0) return values.Reshape([values.Count, .. Enumerable.Repeat(1, x.Rank - 1 - axis)]);
        if (values.Rank != x.Rank) throw new InvalidOperationException($"scales of blocks need the rank of the data; scales {values.Shape}, data {x.Shape}.");
        int size = block > 0 ? block : (x.Dims[axis] + values.Dims[axis] - 1) / Math.Max(1, values.Dims[axis]);
        return values.RepeatInterleave(size, axis).Narrow(axis, 0, x.Dims[axis]);
    }

    /// <summary>Scale and zero from the data's own range, 0 included, onto 0 to 255.</summary>
    private static void Dynamic(Call call)
    {
        var x = call.X(0).Detach();
        float least = Math.Min(0, (float)x.Min().Item()), most = Math.Max(0, (float)x.Max().Item()), scale = (most - least) / 255;
        float zero = scale == 0 ? 0 : Math.Clamp(MathF.Round(-least / scale), 0, 255);
        var zeros = Tensor.Scalar((int)zero);
        call.Set(0, Quantise(x, Tensor.Scalar(scale == 0 ? 1 : scale), zeros, OnnxElement.UInt8));
        call.Return(1, Tensor.Scalar(scale), OnnxElement.Float);
        call.Return(2, zeros, OnnxElement.UInt8);
    }
}
