using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of symmetric matrices: reduction to three diagonals, then the QL method with implicit shifts (Bowdler, Martin,
/// Reinsch and Wilkinson, in Handbook for Automatic Computation II, 1971: tred2 and tql2).
/// </summary>
internal static class SymmetricEigen
{
    private const int MostIterations = 60;

    /// <summary>
    /// a [n, n], of which the lower triangle is read → ascending values d [n] and, as rows of w [n, n], unit vectors whose largest element is positive.
    /// Returns the value that did not converge, or -1. Not finite numbers give NaN everywhere.
    /// </summary>
    [MethodImpl(Kernel.Loop)]
    internal static int Solve<T>(ReadOnlySpan<T> a, Span<T> d, Span<T> w, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // w[j, k] holds element (k, j) of the handbook's matrix, so that loops over k run along memory.
        for (int j = 0; j < n; j++) for (int k = j; k < n; k++) w[j * n + k] = w[k * n + j] = a[k * n + j];
        if (!Rows.AllFinite<T>(w))
        {
            d.Fill(T.NaN);
            w.Fill(T.NaN);
            return -1;
        }
        if (n == 0) return -1;
        var e = new T[n];
        Tridiagonalise(d, e, w, n);
        Accumulate(d, e, w, n);
        int failed = Diagonalise(d, e, w, n);
        SortAscending(d, w, n);
        for (int j = 0; j < n; j++) Rows.MakeLargestPositive(w.Slice(j * n, n));
        return failed;
    }

    [MethodImpl(Kernel.Loop)]
    private static void Tridiagonalise<T>(Span<T> d, Span<T> e, Span<T> w, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int j = 0; j < n; j++) d[j] = w[j * n + n - 1];
        for (int i = n - 1; i > 0; i--)
        {
            T scale = T.Zero, h = T.Zero;
            for (int k = 0; k < i; k++) scale += T.Abs(d[k]);
            if (scale == T.Zero)
            {
                e[i] = d[i - 1];
                for (int j = 0; j < i; j++)
                {
                    d[j] = w[j * n + i - 1];
                    w[j * n + i] = w[i * n + j] = T.Zero;
                }
            }
            else
            {
                for (int k = 0; k < i; k++)
                {
                    d[k] /= scale;
                    h += d[k] * d[k];
                }
                var f = d[i - 1];
                var g = f > T.Zero ? -T.Sqrt(h) : T.Sqrt(h);
                e[i] = scale * g;
                h -= f * g;
                d[i - 1] = f - g;
                e[..i].Clear();
                for (int j = 0; j < i; j++)
                {
                    w[i * n + j] = d[j];
                    var below = w.Slice(j * n + j + 1, i - j - 1);
                    e[j] += w[j * n + j] * d[j] + Rows.Dot<T>(below, d[(j + 1)..i]);
                    Rows.AddScaled(e[(j + 1)..i], below, d[j]);
                }
                f = T.Zero;
                for (int j = 0; j < i; j++)
                {
                    e[j] /= h;
                    f += e[j] * d[j];
                }
                Rows.AddScaled(e[..i], d[..i], -f / (h + h));
                for (int j = 0; j < i; j++)
                {
                    var column = w.Slice(j * n + j, i - j);
                    T dj = d[j], ej = e[j];
                    Rows.AddScaled(column, e[j..i], -dj);
                    Rows.AddScaled(column, d[j..i], -ej);
                    // d[j] is still needed by later columns only at places after j.
                    d[j] = w[j * n + i - 1];
                    w[j * n + i] = T.Zero;
                }
            }
            d[i] = h;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Accumulate<T>(Span<T> d, Span<T> e, Span<T> w, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < n - 1; i++)
        {
            w[i * n + n - 1] = w[i * n + i];
            w[i * n + i] = T.One;
            var h = d[i + 1];
            var next = w.Slice((i + 1) * n, i + 1);
            if (h != T.Zero)
            {
                for (int k = 0; k <= i; k++) d[k] = next[k] / h;
                for (int j = 0; j <= i; j++)
                {
                    var row = w.Slice(j * n, i + 1);
                    Rows.AddScaled(row, d[..(i + 1)], -Rows.Dot<T>(next, row));
                }
            }
            next.Clear();
        }
        for (int j = 0; j < n; j++)
        {
            d[j] = w[j * n + n - 1];
            w[j * n + n - 1] = T.Zero;
        }
        w[n * n - 1] = T.One;
        e[0] = T.Zero;
    }

    [MethodImpl(Kernel.Loop)]
    private static int Diagonalise<T>(Span<T> d, Span<T> e, Span<T> w, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T two = T.One + T.One, f = T.Zero, size = T.Zero, epsilon = Rows.Epsilon<T>();
        e[1..].CopyTo(e);
        e[n - 1] = T.Zero;
        for (int l = 0; l < n; l++)
        {
            size = T.Max(size, T.Abs(d[l]) + T.Abs(e[l]));
            int m = l;
            while (m < n - 1 && T.Abs(e[m]) > epsilon * size) m++;
            for (int iteration = 0; m > l && T.Abs(e[l]) > epsilon * size; iteration++)
            {
                if (iteration == MostIterations) return l;
                var g = d[l];
                var p = (d[l + 1] - g) / (two * e[l]);
                var r = T.Hypot(p, T.One);
                if (p < T.Zero) r = -r;
                d[l] = e[l] / (p + r);
                d[l + 1] = e[l] * (p + r);
                T next = d[l + 1], h = g - d[l], after = e[l + 1];
                for (int i = l + 2; i < n; i++) d[i] -= h;
                f += h;
                p = d[m];
                T c = T.One, c2 = c, c3 = c, s = T.Zero, s2 = s;
                for (int i = m - 1; i >= l; i--)
                {
                    (c3, c2, s2) = (c2, c, s);
                    g = c * e[i];
                    h = c * p;
                    r = T.Hypot(p, e[i]);
                    e[i + 1] = s * r;
                    s = e[i] / r;
                    c = p / r;
                    p = c * d[i] - s * g;
                    d[i + 1] = h + s * (c * g + s * d[i]);
                    Rows.Rotate(w.Slice(i * n, n), w.Slice((i + 1) * n, n), c, s);
                }
                p = -s * s2 * c3 * after * e[l] / next;
                e[l] = s * p;
                d[l] = c * p;
            }
            d[l] += f;
            e[l] = T.Zero;
        }
        return -1;
    }

    [MethodImpl(Kernel.Loop)]
    private static void SortAscending<T>(Span<T> d, Span<T> w, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < n - 1; i++)
        {
            int least = i;
            for (int j = i + 1; j < n; j++) if (d[j] < d[least]) least = j;
            if (least == i) continue;
            (d[i], d[least]) = (d[least], d[i]);
            for (int k = 0; k < n; k++) (w[i * n + k], w[least * n + k]) = (w[least * n + k], w[i * n + k]);
        }
    }
}
