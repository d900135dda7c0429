namespace Cajal;

/// <summary>What a file reader hands over: row-major values of one of the tensor types, and their shape.</summary>
/// <param name="Values">A <c>float[]</c>, <c>double[]</c>, <c>long[]</c>, <c>int[]</c> or <c>bool[]</c>.</param>
/// <param name="Shape">The extents; none for a scalar.</param>
internal sealed record RawArray(Array Values, int[] Shape)
{
    internal Tensor ToTensor() => Values switch
    {
        float[] v => Tensor.From(v, Shape),
        double[] v => Tensor.From(v, Shape),
        long[] v => Tensor.From(v, Shape),
        int[] v => Tensor.From(v, Shape),
        _ => Tensor.From((bool[])Values, Shape),
    };
}
