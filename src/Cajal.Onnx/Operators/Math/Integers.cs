namespace Cajal.Onnx;

/// <summary>Whole-number arithmetic on carried elements, one at a time: exact for all 64 bits, which Cajal's real-number ops are not.</summary>
internal static class Integers
{
    /// <summary>f of every element.</summary>
    internal static Tensor Map(Tensor x, Func<long, long> f)
    {
        long[] values = x.ToArray<long>();
        for (int i = 0; i < values.Length; i++) values[i] = f(values[i]);
        return Back(values, x.Dims, x.DType);
    }

    /// <summary>f of every pair, with broadcasting.</summary>
    internal static Tensor Map(string op, Tensor x, Tensor y, Func<long, long, long> f)
    {
        var shape = new Shape(Broadcasting.Shape(x.Dims, y.Dims, op));
        long[] left = x.Expand(shape).ToArray<long>(), right = y.Expand(shape).ToArray<long>();
        for (int i = 0; i < left.Length; i++) left[i] = f(left[i], right[i]);
        return Back(left, shape.Dims, x.DType);
    }

    /// <summary>Turns the order of unsigned 64-bit numbers into that of signed ones, and back.</summary>
    internal static Tensor Ordered(Tensor x, OnnxElement type) => type == OnnxElement.UInt64 ? Map(x, static value => value ^ long.MinValue) : x;

    /// <summary>x as real numbers; unsigned 64-bit numbers are not taken for negative ones.</summary>
    internal static Tensor Real(Tensor x, OnnxElement type, DType dtype)
    {
        if (type != OnnxElement.UInt64) return x.Cast(dtype);
        double[] values = Array.ConvertAll(x.ToArray<long>(), value => (double)(ulong)value);
        return Tensor.From(values, values.Length).Reshape(x.Shape).Cast(dtype);
    }

    private static Tensor Back(long[] values, int[] dims, DType dtype) => Tensor.From(values, values.Length).Reshape(dims).Cast(dtype);
}
