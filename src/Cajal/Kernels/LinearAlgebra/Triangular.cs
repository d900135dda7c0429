using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Substitution.</summary>
internal static class Triangular
{
    /// <summary>Solves T X = B in place of b [n, m]; only the named triangle of t [n, n] is read. Returns the first zero on the diagonal, or -1.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static int Solve<T>(ReadOnlySpan<T> t, Span<T> b, int n, int m, bool upper, bool unitDiagonal) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int step = 0; step < n; step++)
        {
            int i = upper ? n - 1 - step : step, from = upper ? i + 1 : 0, count = upper ? n - 1 - i : i;
            if (m == 1) b[i] -= Rows.Dot(t.Slice(i * n + from, count), b.Slice(from, count));
            else
            {
                var row = b.Slice(i * m, m);
                for (int j = from; j < from + count; j++) Rows.AddScaled(row, b.Slice(j * m, m), -t[i * n + j]);
            }
            if (unitDiagonal) continue;
            var diagonal = t[i * n + i];
            if (diagonal == T.Zero) return i;
            foreach (ref var value in b.Slice(i * m, m)) value /= diagonal;
        }
        return -1;
    }
}
