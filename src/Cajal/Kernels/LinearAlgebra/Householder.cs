using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>A = Q R by reflections (Golub and Van Loan, Matrix Computations, 5.2), with the diagonal of R not negative.</summary>
internal static class Householder
{
    /// <summary>a [m, n], m ≥ n → q [m, n] with orthonormal columns, r [n, n] upper triangular.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Factor<T>(ReadOnlySpan<T> a, Span<T> q, Span<T> r, int m, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Columns lie in rows here, so that every loop runs along memory.
        Span<T> columns = new T[n * m], basis = new T[n * m];
        Span<T> weights = new T[n];
        for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) columns[j * m + i] = a[i * n + j];
        r.Clear();
        for (int k = 0; k < n; k++)
        {
            var v = columns.Slice(k * m + k, m - k);
            var diagonal = Reflector(v, out weights[k]);
            for (int j = k + 1; j < n; j++) Reflect(v, weights[k], columns.Slice(j * m + k, m - k));
            r[k * n + k] = diagonal;
        }
        for (int j = 0; j < n; j++) for (int i = 0; i < j; i++) r[i * n + j] = columns[j * m + i];
        for (int j = 0; j < n; j++)
        {
            var column = basis.Slice(j * m, m);
            column[j] = T.One;
            for (int k = j; k >= 0; k--) Reflect(columns.Slice(k * m + k, m - k), weights[k], column[k..]);
            if (r[j * n + j] < T.Zero)
            {
                Rows.Scale(column, -T.One);
                Rows.Scale(r.Slice(j * n + j, n - j), -T.One);
            }
        }
        for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) q[i * n + j] = basis[j * m + i];
    }

    /// <summary>Replaces x by the v of a reflection I - w v vᵀ that sends x to a multiple of the first axis; returns that multiple.</summary>
    private static T Reflector<T>(Span<T> x, out T weight) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Scaled, so that squares neither overflow nor vanish.
        var largest = T.Zero;
        foreach (var value in x) largest = T.Max(largest, T.Abs(value));
        weight = T.Zero;
        if (largest == T.Zero || x.Length == 1) return x[0];
        foreach (ref var value in x) value /= largest;
        var norm = T.Sqrt(Rows.Dot<T>(x, x));
        // Away from the first element, to lose no digits.
        var image = x[0] > T.Zero ? -norm : norm;
        x[0] -= image;
        weight = T.One / (-image * x[0]);
        return image * largest;
    }

    private static void Reflect<T>(ReadOnlySpan<T> v, T weight, Span<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (weight != T.Zero) Rows.AddScaled(x, v, -weight * Rows.Dot(v, x));
    }
}
