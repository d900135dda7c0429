using CsCheck;

namespace Cajal.Tests.Properties;

/// <summary>Random shapes and tensors for the property tests.</summary>
internal static class Draw
{
    internal static readonly Gen<int[]> Shape = Gen.Int[0, 5].Array[0, 4];

    /// <summary>Axes all longer than 0.</summary>
    internal static readonly Gen<int[]> FullShape = Gen.Int[1, 5].Array[1, 4];

    internal static readonly Gen<double> Number = Gen.Double[-3, 3];

    /// <summary>A tensor of this shape with a seed of its own, so that a failing case can be made again from what is printed.</summary>
    internal static Tensor Real(int[] shape, int seed) => Tensor.Normal(shape, dtype: DType.Float64, generator: new Generator((ulong)seed));

    internal static readonly Gen<int> Seed = Gen.Int[0, 100_000];

    internal static bool Same(Tensor a, Tensor b) => a.Shape == b.Shape && a.DType == b.DType && a.ToArray<double>().AsSpan().SequenceEqual(b.ToArray<double>());

    internal static bool Near(Tensor a, Tensor b, double tolerance = 1e-10) => a.Shape == b.Shape && a.AllClose(b, tolerance, tolerance);
}
