namespace Cajal.Tests.Ops;

/// <summary>Matrix algebra by its definitions, in double, for small matrices.</summary>
internal static class NaiveAlgebra
{
    /// <summary>Applies <paramref name="f"/> to each matrix of [B..., m, n].</summary>
    internal static RefArray Each(RefArray x, Func<double[,], double[,]> f)
    {
        int m = x.Shape[^2], n = x.Shape[^1], size = m * n, count = size == 0 ? 0 : x.Values.Length / size;
        var results = Enumerable.Range(0, count).Select(b => f(Matrix(x.Values.AsSpan(b * size, size), m, n))).ToList();
        int rows = results.Count > 0 ? results[0].GetLength(0) : m, columns = results.Count > 0 ? results[0].GetLength(1) : n;
        return new([.. x.Shape[..^2], rows, columns], [.. results.SelectMany(result => result.Cast<double>())]);
    }

    internal static double[,] Multiply(double[,] a, double[,] b)
    {
        var c = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < c.GetLength(0); i++)
            for (int j = 0; j < c.GetLength(1); j++)
                for (int k = 0; k < a.GetLength(1); k++) c[i, j] += a[i, k] * b[k, j];
        return c;
    }

    internal static double[,] Transpose(double[,] a)
    {
        var t = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < t.GetLength(0); i++)
            for (int j = 0; j < t.GetLength(1); j++) t[i, j] = a[j, i];
        return t;
    }

    /// <summary>By expansion along the first row.</summary>
    internal static double Determinant(double[,] a)
    {
        int n = a.GetLength(0);
        if (n == 0) return 1;
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (j % 2 == 0 ? 1 : -1) * a[0, j] * Determinant(Minor(a, 0, j));
        return sum;
    }

    /// <summary>By Cramer's rule: cofactors over the determinant.</summary>
    internal static double[,] Inverse(double[,] a)
    {
        int n = a.GetLength(0);
        double determinant = Determinant(a);
        var inverse = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) inverse[j, i] = ((i + j) % 2 == 0 ? 1 : -1) * Determinant(Minor(a, i, j)) / determinant;
        return inverse;
    }

    /// <summary>L with L Lᵀ = a, row by row.</summary>
    internal static double[,] Cholesky(double[,] a)
    {
        int n = a.GetLength(0);
        var l = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = a[i, j];
                for (int k = 0; k < j; k++) rest -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Math.Sqrt(rest) : rest / l[j, j];
            }
        }
        return l;
    }

    /// <summary>Triangle of a (and 1 on the diagonal if asked), zeros elsewhere.</summary>
    internal static double[,] Triangle(double[,] a, bool upper, bool unit)
    {
        int n = a.GetLength(0);
        var t = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) t[i, j] = i == j ? unit ? 1 : a[i, i] : i < j == upper ? a[i, j] : 0;
        return t;
    }

    internal static double[,] Identity(int n)
    {
        var one = new double[n, n];
        for (int i = 0; i < n; i++) one[i, i] = 1;
        return one;
    }

    /// <summary>The eigenvalues of a symmetric 2 x 2 matrix, the smaller first.</summary>
    internal static (double Low, double High) Eigenvalues(double a, double b, double d)
    {
        double middle = (a + d) / 2, radius = Math.Sqrt((a - d) * (a - d) / 4 + b * b);
        return (middle - radius, middle + radius);
    }

    private static double[,] Minor(double[,] a, int row, int column)
    {
        int n = a.GetLength(0);
        var minor = new double[n - 1, n - 1];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (i != row && j != column) minor[i < row ? i : i - 1, j < column ? j : j - 1] = a[i, j];
        return minor;
    }

    private static double[,] Matrix(ReadOnlySpan<double> values, int m, int n)
    {
        var a = new double[m, n];
        for (int i = 0; i < values.Length; i++) a[i / n, i % n] = values[i];
        return a;
    }
}
