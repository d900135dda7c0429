namespace Cajal.Onnx;

/// <summary>MatMulInteger, ConvInteger, QLinearMatMul and QLinearConv: products of 8-bit numbers, summed in 32 bits.</summary>
internal static class IntegerProducts
{
    internal static void Register(Registry registry)
    {
        registry.Add("MatMulInteger", [10], _ => static call => call.Return(Multiply(call.X(0), call.XOrNull(2), call.X(1), call.XOrNull(3)), OnnxElement.Int32));
        registry.Add("QLinearMatMul", [10, 21], _ => static call =>
        {
            var sums = Multiply(call.X(0), call.XOrNull(2), call.X(3), call.XOrNull(5));
            var scale = Rows(call.X(1), call.X(0)) * Columns(call.X(4));
            call.Set(0, Requantise(sums, scale, call.Input(6), call.Input(7)));
        });
        registry.Add("ConvInteger", [10], node =>
        {
            var windows = new Windows(node);
            int groups = node.Int("group", 1);
            return call => call.Return(Convolve(call.X(0), call.XOrNull(2), call.X(1), call.XOrNull(3), windows, groups), OnnxElement.Int32);
        });
        registry.Add("QLinearConv", [10], node =>
        {
            var windows = new Windows(node);
            int groups = node.Int("group", 1);
            return call =>
            {
                var sums = Convolve(call.X(0), call.XOrNull(2), call.X(3), call.XOrNull(5), windows, groups);
                int[] channels = [call.X(3).Dims[0], .. Enumerable.Repeat(1, sums.Rank - 2)];
                if (call.Has(8)) sums += call.X(8).Reshape(channels);
                var scale = call.X(1).Reshape() * (call.X(4).Count == 1 ? call.X(4).Reshape() : call.X(4).Reshape(channels));
                call.Set(0, Requantise(sums, scale, call.Input(6), call.Input(7)));
            };
        });
    }

    /// <summary>Zeros of rows stand in a column, those of columns in a row.</summary>
    private static Tensor Multiply(Tensor a, Tensor? zeroA, Tensor b, Tensor? zeroB) => Centred(a, zeroA is null ? null : Rows(zeroA, a)).MatMul(Centred(b, zeroB is null ? null : Columns(zeroB)));

    private static Tensor Rows(Tensor values, Tensor a) => values.Count == 1 ? values.Reshape() : values.Rank == 1 && a.Rank > 1 ? values.Unsqueeze(1) : values;

    private static Tensor Columns(Tensor values) => values.Count == 1 ? values.Reshape() : values;

    private static Tensor Centred(Tensor x, Tensor? zero) => zero is null ? x : x - zero;

    /// <summary>Sums of 8-bit products are exact in Float64, whose convolution has every case.</summary>
    private static Tensor Convolve(Tensor x, Tensor? zeroX, Tensor weight, Tensor? zeroW, Windows windows, int groups)
    {
        if (zeroW is not null) zeroW = zeroW.Count == 1 ? zeroW.Reshape() : zeroW.Reshape([zeroW.Count, .. Enumerable.Repeat(1, weight.Rank - 1)]);
        return Convolutions.Convolve(Centred(x, zeroX?.Reshape()).Cast(DType.Float64), Centred(weight, zeroW).Cast(DType.Float64), null, windows, groups).Cast(DType.Int32);
    }

    private static OnnxTensor Requantise(Tensor sums, Tensor scale, OnnxTensor newScale, OnnxTensor zero) =>
        QuantizeLinear.Quantise(sums.Cast(scale.DType) * scale, Columns(newScale.Data), Columns(zero.Data), zero.Element);
}
