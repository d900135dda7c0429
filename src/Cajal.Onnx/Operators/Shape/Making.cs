namespace Cajal.Onnx;

/// <summary>Constant, ConstantOfShape, Range, EyeLike, Shape, Size: tensors that are not computed from elements.</summary>
internal static class Making
{
    internal static void Register(Registry registry)
    {
        registry.Add("Constant", [1, 9, 11, 12, 13, 19, 21, 23, 24, 25], Constant);
        registry.Add("ConstantOfShape", [9, 20, 21, 23, 24, 25], node =>
        {
            var value = node.Tensor("value") ?? new OnnxTensor(Tensor.Zeros([1]));
            if (value.Data.Count != 1) throw node.Bad("the attribute \"value\" must hold one number.");
            return call => call.Move(0, value.Data.Reshape().Expand(Lengths(call.Longs(0))).Contiguous(), value);
        });
        registry.Add("Range", [11, 27], _ => static call => call.Return(Range(call)));
        registry.Add("EyeLike", [9, 22], node =>
        {
            var type = node.Element("dtype", OnnxElement.Undefined);
            int offset = node.Int("k", 0);
            return call => call.Return(Eye(call.X(0), offset), type == OnnxElement.Undefined ? call.Element() : type);
        });
        registry.Add("Shape", [1, 13, 15, 19, 21, 23, 24, 25], node =>
        {
            int start = node.Int("start", 0), end = node.Int("end", int.MaxValue);
            return call =>
            {
                int[] dims = call.X(0).Dims;
                int first = Math.Clamp(start < 0 ? start + dims.Length : start, 0, dims.Length), last = Math.Clamp(end < 0 ? end + dims.Length : end, first, dims.Length);
                long[] lengths = Array.ConvertAll(dims[first..last], length => (long)length);
                call.Set(0, new OnnxTensor(Tensor.From(lengths, lengths.Length), OnnxElement.Int64));
            };
        });
        registry.Add("Size", [1, 13, 19, 21, 23, 24, 25], _ => static call => call.Set(0, new OnnxTensor(Tensor.Scalar((long)call.X(0).Count), OnnxElement.Int64)));
    }

    /// <summary>A shape that a model asks for, checked before anything is allocated.</summary>
    internal static int[] Lengths(long[] lengths)
    {
        int[] dims = Array.ConvertAll(lengths, Numbers.ToInt);
        Shape.CountOf(dims);
        return dims;
    }

    private static Kernel Constant(NodeDefinition node)
    {
        OnnxTensor value;
        if (node.Has("sparse_value")) throw node.Unsupported("sparse constants are not supported; store it as a dense tensor.");
        if (node.Tensor("value") is { } tensor) value = tensor;
        else if (node.Has("value_float")) value = new(Tensor.Scalar(node.Float("value_float", 0)));
        else if (node.Has("value_int")) value = new(Tensor.Scalar(node.Long("value_int", 0)));
        else if (node.Floats("value_floats") is { } floats) value = new(Tensor.From(floats, floats.Length));
        else if (node.Longs("value_ints") is { } longs) value = new(Tensor.From(longs, longs.Length));
        else if (node.TextList("value_strings") is { } texts) value = OnnxTensor.From(texts, node.Texts);
        else if (node.Has("value_string")) value = new(Tensor.Scalar(node.Texts.Handle(node.Text("value_string", ""))), OnnxElement.String, node.Texts);
        else throw node.Bad("no attribute says what the constant is.");
        return call => call.Set(0, value);
    }

    private static Tensor Range(Call call)
    {
        if (call.Element().IsFloating)
        {
            double start = call.Number(0), step = call.Number(2), steps = Math.Ceiling((call.Number(1) - start) / step);
            if (!(steps < int.MaxValue)) call.Refuse($"{steps} numbers are too many for a tensor.");
            return Tensor.Arange((int)Math.Max(0, steps), DType.Float64) * step + start;
        }
        long first = call.Long(0), last = call.Long(1), by = call.Long(2);
        if (by == 0) call.Refuse("the step cannot be 0.");
        Int128 span = (Int128)last - first, count = span == 0 || span > 0 != by > 0 ? 0 : (Int128.Abs(span) + Int128.Abs(by) - 1) / Int128.Abs(by);
        if (count > int.MaxValue) call.Refuse($"{count} numbers are too many for a tensor.");
        return Integers.Map(Tensor.Arange((int)count), place => first + place * by);
    }

    private static Tensor Eye(Tensor like, int offset)
    {
        if (like.Rank != 2) throw new InvalidOperationException($"the input must be a matrix, but it is {like.Shape}.");
        var y = Tensor.Zeros(like.Shape, DType.Int32);
        if (offset < like.Dims[1] && -(long)offset < like.Dims[0]) y.Diagonal(offset).CopyFrom(Tensor.Scalar(1));
        return y;
    }
}
