namespace Cajal;

/// <summary>What a file reader hands over: row-major values of one of the tensor types, and their shape.</summary>
/// <param name="Values">A <c>float[]</c>, <c>double[]</c>, <c>long[]</c>, <c>int[]</c> or <c>bool[]</c>.</param>
/// <param name="Shape">The extents; none for a scalar.</param>
internal sealed record RawArray(Array Values, int[] Shape)
{
    internal Tensor ToTensor() => Values switch
    {
        float[] v => Make(v),
        double[] v => Make(v),
        long[] v => Make(v),
        int[] v => Make(v),
        _ => Make((bool[])Values),
    };

    private Tensor Make<T>(T[] values) where T : unmanaged => Shape.Length == 0 ? Tensor.Scalar(values[0]) : Tensor.From(values, Shape);
}
