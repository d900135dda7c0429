using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// Singular values by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992): turns pairs of columns until all are orthogonal. Small
/// singular values come out as accurate as large ones.
/// </summary>
internal static class JacobiSvd
{
    private const int MostSweeps = 60;

    /// <summary>
    /// The rows of u [n, m], m ≥ n, hold the columns of a matrix. They become the left vectors, s [n] the values in descending order and the
    /// rows of v [n, n] the right vectors. The largest element of every left vector is positive. Not finite numbers give NaN everywhere.
    /// </summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Solve<T>(Span<T> u, Span<T> s, Span<T> v, int m, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!Rows.AllFinite<T>(u))
        {
            u.Fill(T.NaN);
            s.Fill(T.NaN);
            v.Fill(T.NaN);
            return;
        }
        v.Clear();
        for (int i = 0; i < n; i++) v[i * n + i] = T.One;
        var largest = T.Zero;
        foreach (var value in u) largest = T.Max(largest, T.Abs(value));
        // Scaled to 1, so that squares neither overflow nor vanish.
        if (largest > T.Zero) foreach (ref var value in u) value /= largest;
        Orthogonalise(u, v, m, n);
        for (int j = 0; j < n; j++) s[j] = T.Sqrt(Rows.Dot<T>(u.Slice(j * m, m), u.Slice(j * m, m)));
        SortDescending(u, s, v, m, n);
        for (int j = 0; j < n; j++)
        {
            var left = u.Slice(j * m, m);
            if (s[j] > T.Zero) foreach (ref var value in left) value /= s[j];
            else Complete(u, j, m);
            if (Rows.MakeLargestPositive(left)) Rows.Scale(v.Slice(j * n, n), -T.One);
            s[j] *= largest;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Orthogonalise<T>(Span<T> u, Span<T> v, int m, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tolerance = Rows.Epsilon<T>() * T.Sqrt(T.CreateTruncating(4 * m));
        var two = T.One + T.One;
        bool turned = true;
        for (int sweep = 0; turned && sweep < MostSweeps; sweep++)
        {
            turned = false;
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Span<T> left = u.Slice(p * m, m), right = u.Slice(q * m, m);
                    T a = Rows.Dot<T>(left, left), b = Rows.Dot<T>(right, right), c = Rows.Dot<T>(left, right);
                    if (!(T.Abs(c) > tolerance * T.Sqrt(a) * T.Sqrt(b))) continue;
                    turned = true;
                    var zeta = (b - a) / (two * c);
                    var tangent = (zeta < T.Zero ? -T.One : T.One) / (T.Abs(zeta) + T.Hypot(T.One, zeta));
                    var cosine = T.One / T.Hypot(T.One, tangent);
                    Rows.Rotate(left, right, cosine, cosine * tangent);
                    Rows.Rotate(v.Slice(p * n, n), v.Slice(q * n, n), cosine, cosine * tangent);
                }
            }
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void SortDescending<T>(Span<T> u, Span<T> s, Span<T> v, int m, int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < n - 1; i++)
        {
            int most = i;
            for (int j = i + 1; j < n; j++) if (s[j] > s[most]) most = j;
            if (most == i) continue;
            (s[i], s[most]) = (s[most], s[i]);
            for (int k = 0; k < m; k++) (u[i * m + k], u[most * m + k]) = (u[most * m + k], u[i * m + k]);
            for (int k = 0; k < n; k++) (v[i * n + k], v[most * n + k]) = (v[most * n + k], v[i * n + k]);
        }
    }

    /// <summary>Fills row j with a unit vector orthogonal to the rows before it, for a singular value of exactly 0.</summary>
    [MethodImpl(Kernel.Loop)]
    private static void Complete<T>(Span<T> u, int j, int m) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = u.Slice(j * m, m);
        var enough = T.One / T.CreateTruncating(2 * m);
        for (int axis = 0; axis < m; axis++)
        {
            row.Clear();
            row[axis] = T.One;
            // Twice is enough (Kahan).
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++) Rows.AddScaled(row, u.Slice(k * m, m), -Rows.Dot<T>(row, u.Slice(k * m, m)));
            }
            var square = Rows.Dot<T>(row, row);
            if (square < enough) continue;
            Rows.Scale(row, T.One / T.Sqrt(square));
            return;
        }
    }
}
