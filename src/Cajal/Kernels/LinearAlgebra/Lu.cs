using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>P A = L U with row exchanges (Golub and Van Loan, Matrix Computations, 3.4): L below the diagonal, with ones on it, U above.</summary>
internal static class Lu
{
    /// <summary>
    /// Factors a [n, n] in place; <paramref name="exchanges"/>[k] is the row exchanged with row k. Returns the first column without a pivot, or -1; the
    /// factorisation is completed in either case.
    /// </summary>
    [MethodImpl(Kernel.Loop)]
    internal static int Factor<T>(Span<T> a, Span<int> exchanges, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int singular = -1;
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++) if (T.Abs(a[i * n + k]) > T.Abs(a[pivot * n + k])) pivot = i;
            exchanges[k] = pivot;
            if (pivot != k) Exchange(a.Slice(pivot * n, n), a.Slice(k * n, n));
            var diagonal = a[k * n + k];
            if (diagonal == T.Zero)
            {
                if (singular < 0) singular = k;
                continue;
            }
            var row = a.Slice(k * n + k + 1, n - k - 1);
            for (int i = k + 1; i < n; i++)
            {
                var factor = a[i * n + k] / diagonal;
                a[i * n + k] = factor;
                if (factor != T.Zero) Rows.AddScaled(a.Slice(i * n + k + 1, n - k - 1), row, -factor);
            }
        }
        return singular;
    }

    /// <summary>Solves A X = B in place of b [n, m].</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Solve<T>(ReadOnlySpan<T> lu, ReadOnlySpan<int> exchanges, Span<T> b, int n, int m) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int k = 0; k < n; k++) if (exchanges[k] != k) Exchange(b.Slice(exchanges[k] * m, m), b.Slice(k * m, m));
        Triangular.Solve(lu, b, n, m, upper: false, unitDiagonal: true);
        Triangular.Solve(lu, b, n, m, upper: true, unitDiagonal: false);
    }

    /// <summary>+1 or -1: whether the exchanges are an even or an odd permutation.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static int Parity(ReadOnlySpan<int> exchanges)
    {
        int parity = 1;
        for (int k = 0; k < exchanges.Length; k++) if (exchanges[k] != k) parity = -parity;
        return parity;
    }

    [MethodImpl(Kernel.Loop)]
    private static void Exchange<T>(Span<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (y[i], x[i]);
    }
}
