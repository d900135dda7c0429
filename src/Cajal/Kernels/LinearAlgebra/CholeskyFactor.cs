using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>A = L Lᵀ, row by row.</summary>
internal static class CholeskyFactor
{
    /// <summary>
    /// Replaces a [n, n], of which the lower triangle is read, by L with zeros above. Returns the first pivot that is not positive, or -1.
    /// </summary>
    [MethodImpl(Kernel.Loop)]
    internal static int Factor<T>(Span<T> a, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            var row = a.Slice(i * n, n);
            for (int j = 0; j < i; j++) row[j] = (row[j] - Rows.Dot<T>(row[..j], a.Slice(j * n, j))) / a[j * n + j];
            var pivot = row[i] - Rows.Dot<T>(row[..i], row[..i]);
            // NaN passes: it is an answer, not a property of the matrix.
            if (pivot <= T.Zero) return i;
            row[i] = T.Sqrt(pivot);
            row[(i + 1)..].Clear();
        }
        return -1;
    }
}
