using System.Numerics;
using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>Looks for NaN and infinity.</summary>
internal static class Finite
{
    /// <summary>Whether all elements are finite; whole numbers always are.</summary>
    internal static bool All(Tensor tensor)
    {
        if (!tensor.DType.IsFloating) return true;
        var values = tensor.Detach().Contiguous();
        bool result = values.DType switch
        {
            DType.Float32 => All<float>(values.Span<float>()),
            DType.Float64 => All<double>(values.Span<double>()),
            _ => All(values.Cast(DType.Float32)),
        };
        GC.KeepAlive(values);
        return result;
    }

    /// <summary>The first row of x [N, ...] that holds NaN or infinity; -1 if none does.</summary>
    internal static int FirstBadRow(Tensor x)
    {
        if (All(x)) return -1;
        int row = 0;
        while (All(x[row])) row++;
        return row;
    }

    /// <summary>x·0 is 0 for finite x and NaN otherwise, and a sum with NaN in it stays NaN.</summary>
    private static bool All<T>(ReadOnlySpan<T> values) where T : unmanaged, IFloatingPoint<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        var sum = Vector<T>.Zero;
        foreach (var vector in vectors) sum += vector * Vector<T>.Zero;
        T rest = Vector.Sum(sum);
        foreach (var value in values[(vectors.Length * Vector<T>.Count)..]) rest += value * T.Zero;
        return rest == T.Zero;
    }
}
