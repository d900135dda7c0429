using System.Runtime.CompilerServices;

namespace Cajal.Onnx;

/// <summary>Weights arranged for <see cref="PairProduct"/>, once for as long as their tensor lives. Tensors of whole numbers are not written in place by anything that runs a graph.</summary>
internal static class PackedWeights
{
    private static readonly ConditionalWeakTable<Tensor, Packed> Known = [];

    private sealed record Packed(int Version, int[] Zeros, int[] Numbers);

    /// <summary>A matrix [k, n] as columns.</summary>
    internal static int[] Of(Tensor weight, Tensor? zero) => Find(weight, zero, static (w, zeros) => Pairs.Columns(w.Contiguous().Span<int>(), w.Dims[0], w.Dims[1], zeros));

    /// <summary>Filters [O, C, KH, KW] as rows [O, C · KH · KW].</summary>
    internal static int[] Filters(Tensor weight, Tensor? zero) => Find(weight, zero, static (w, zeros) => Pairs.Rows(w.Contiguous().Span<int>(), w.Dims[0], w.Count / w.Dims[0], zeros));

    private static int[] Find(Tensor weight, Tensor? zero, Func<Tensor, int[], int[]> pack)
    {
        int[] zeros = zero is null ? [] : zero.ToArray<int>();
        if (Known.TryGetValue(weight, out var packed) && packed.Version == weight.Storage.Version && packed.Zeros.AsSpan().SequenceEqual(zeros)) return packed.Numbers;
        packed = new(weight.Storage.Version, zeros, pack(weight, zeros));
        Known.AddOrUpdate(weight, packed);
        return packed.Numbers;
    }
}
