namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    /// <summary>Added to the diagonal, so that random matrices are far from singular.</summary>
    private const double Ridge = 5;

    [OpFamily]
    private static IEnumerable<OpRow> LinearAlgebra()
    {
        OpSample[] square = [Of([1, 1]), Of([2, 2]), Of([3, 3]), Of([2, 2, 2]), Of([2, 1, 3, 3]), Of([0, 2, 2])];
        yield return new("Determinant", x => Lifted(x[0]).Determinant(), x => Scalars(Lifted(x[0]), NaiveAlgebra.Determinant)) { Samples = square, Loose = 10, Errors = NotSquare(a => a.Determinant()) };
        yield return new("LogDeterminant", x => Lifted(x[0]).LogDeterminant().Log, x => Scalars(Lifted(x[0]), a => Math.Log(Math.Abs(NaiveAlgebra.Determinant(a))))) { Variant = "log", Samples = square, Loose = 10, Errors = NotSquare(a => a.LogDeterminant().Log) };
        yield return new("LogDeterminant", x => x[0].LogDeterminant().Sign, x => Scalars(x[0], a => Math.Sign(NaiveAlgebra.Determinant(a)))) { Variant = "sign", Samples = square, Differentiable = false };
        yield return new("Inverse", x => Lifted(x[0]).Inverse(), x => NaiveAlgebra.Each(Lifted(x[0]), NaiveAlgebra.Inverse)) { Samples = square, Loose = 10, Errors = NotSquare(a => a.Inverse()) };
        foreach (int power in (int[])[0, 1, 2, 5, -2])
        {
            yield return new("MatrixPower", x => (Lifted(x[0]) * 0.2).MatrixPower(power), x => NaiveAlgebra.Each(Lifted(x[0]).Map(v => v * 0.2), a => PowerOf(a, power))) { Variant = $"{power}", Samples = square, Loose = 100 };
        }
        yield return new("Solve", x => Lifted(x[0]).Solve(x[1]), x => Product(NaiveAlgebra.Each(Lifted(x[0]), NaiveAlgebra.Inverse), x[1]))
        {
            Samples = [Of([1, 1], [1, 1]), Of([2, 2], [2, 3]), Of([3, 3], [3, 1]), Of([2, 2, 2], [2, 2, 1]), Of([3, 3], [2, 3, 2]), Of([2, 1, 2, 2], [3, 2, 1])], Loose = 10,
            Errors = [new(() => Tensor.Zeros(2, 3).Solve(Tensor.Zeros(2, 1)), "Solve", "[2, 3]"), new(() => Tensor.Eye(2).Solve(Tensor.Zeros(3, 1)), "Solve", "[2, 2]", "[3, 1]")],
        };
        foreach (bool upper in (bool[])[false, true])
        {
            foreach (bool transpose in (bool[])[false, true])
            {
                foreach (bool unit in (bool[])[false, true])
                {
                    yield return new("TriangularSolve", x => Lifted(x[0]).TriangularSolve(x[1], upper, transpose, unit),
                        x => Product(NaiveAlgebra.Each(Lifted(x[0]), a => NaiveAlgebra.Inverse(NaiveAlgebra.Triangle(a, upper, unit) is var t && transpose ? NaiveAlgebra.Transpose(t) : NaiveAlgebra.Triangle(a, upper, unit))), x[1]))
                    {
                        Variant = $"{(upper ? "upper" : "lower")}{(transpose ? ", transposed" : "")}{(unit ? ", unit" : "")}", Samples = [Of([1, 1], [1, 2]), Of([3, 3], [3, 2]), Of([2, 2, 2], [2, 2, 1])], Loose = 100,
                    };
                }
            }
        }
        yield return new("Cholesky", x => Positive(x[0]).Cholesky(), x => NaiveAlgebra.Each(x[0], a => NaiveAlgebra.Cholesky(Positive(a))))
        {
            Samples = square, Loose = 10, Errors = [.. NotSquare(a => a.Cholesky())],
        };
        OpSample[] tall = [Of([1, 1]), Of([3, 2]), Of([2, 2]), Of([2, 4, 3]), Of([5, 1])];
        yield return new("Qr", x => Lifted(x[0]).Qr() is var (q, r) ? q.MatMul(r) : x[0], x => Lifted(x[0])) { Variant = "product", Samples = tall, Loose = 10 };
        yield return new("Qr", x => Lifted(x[0]).Qr().Q is var q ? q.T.MatMul(q) : x[0], x => NaiveAlgebra.Each(x[0], a => NaiveAlgebra.Identity(a.GetLength(1)))) { Variant = "orthonormal", Samples = tall, Loose = 10 };
        yield return new("Qr", x => Lifted(x[0]).Qr().R.Square(), x => NaiveAlgebra.Each(Lifted(x[0]), a => Squared(NaiveAlgebra.Transpose(NaiveAlgebra.Cholesky(NaiveAlgebra.Multiply(NaiveAlgebra.Transpose(a), a)))))) { Variant = "R, by Cholesky of the Gram matrix", Samples = [Of([3, 2]), Of([2, 4, 2])], Loose = 1_000 }; // forming the Gram matrix squares the condition number
        yield return new("LeastSquares", x => Lifted(x[0]).LeastSquares(x[1]), x =>
        {
            var transposed = NaiveAlgebra.Each(Lifted(x[0]), NaiveAlgebra.Transpose);
            return Product(NaiveAlgebra.Each(Product(transposed, Lifted(x[0])), NaiveAlgebra.Inverse), Product(transposed, x[1]));
        })
        {
            Samples = [Of([3, 2], [3, 1]), Of([5, 3], [5, 2]), Of([2, 4, 2], [2, 4, 1])], Loose = 1_000, // as above
        };
        yield return new("Svd", x => x[0].Svd() is var (u, s, vt) ? (u * s.Unsqueeze(-2)).MatMul(vt) : x[0], x => x[0]) { Variant = "product", Samples = [.. tall, Of([2, 3])], Loose = 10 };
        yield return new("Svd", x => x[0].Svd().U is var u ? u.T.MatMul(u) : x[0], x => NaiveAlgebra.Each(x[0], a => NaiveAlgebra.Identity(Math.Min(a.GetLength(0), a.GetLength(1))))) { Variant = "orthonormal U", Samples = [.. tall, Of([2, 3])], Loose = 10, Differentiable = false };
        yield return new("Svd", x => x[0].Svd().Vt is var v ? v.MatMul(v.T) : x[0], x => NaiveAlgebra.Each(x[0], a => NaiveAlgebra.Identity(Math.Min(a.GetLength(0), a.GetLength(1))))) { Variant = "orthonormal V", Samples = [.. tall, Of([2, 3])], Loose = 10, Differentiable = false };
        yield return new("SingularValues", x => x[0].SingularValues(), x => NaiveAlgebra.Each(x[0], a =>
        {
            var gram = NaiveAlgebra.Multiply(NaiveAlgebra.Transpose(a), a);
            var (low, high) = NaiveAlgebra.Eigenvalues(gram[0, 0], gram[0, 1], gram[1, 1]);
            return new double[,] { { Math.Sqrt(high), Math.Sqrt(low) } };
        }) is var y ? y.Reshape([.. y.Shape[..^2], 2]) : x[0])
        {
            Samples = [Of([2, 2]), Of([3, 2]), Of([2, 4, 2])], Loose = 1_000, // as above
        };
        yield return new("EigenvaluesSymmetric", x => Symmetric(x[0]).EigenvaluesSymmetric(), x => NaiveAlgebra.Each(x[0], a =>
        {
            var (low, high) = NaiveAlgebra.Eigenvalues(a[0, 0], (a[0, 1] + a[1, 0]) / 2, a[1, 1]);
            return new double[,] { { low, high } };
        }) is var y ? y.Reshape([.. y.Shape[..^2], 2]) : x[0])
        {
            Samples = [Of([2, 2]), Of([3, 2, 2])], Loose = 10, Errors = NotSquare(a => a.EigenvaluesSymmetric(), "EigenSymmetric"),
        };
        yield return new("EigenSymmetric", x => Symmetric(x[0]).EigenSymmetric() is var (values, v) ? (v * values.Unsqueeze(-2)).MatMul(v.T) : x[0], x => NaiveAlgebra.Each(x[0], a => Symmetric(a)))
        {
            Variant = "product", Samples = [Of([1, 1]), Of([3, 3]), Of([2, 4, 4])], Loose = 10,
        };
        yield return new("EigenSymmetric", x => Symmetric(x[0]).EigenSymmetric().Vectors is var v ? v.T.MatMul(v) : x[0], x => NaiveAlgebra.Each(x[0], a => NaiveAlgebra.Identity(a.GetLength(0))))
        {
            Variant = "orthonormal", Samples = [Of([1, 1]), Of([3, 3]), Of([2, 4, 4])], Loose = 10,
        };
    }

    private static OpError[] NotSquare(Func<Tensor, Tensor> op, string name = "") => [new(() => op(Tensor.Zeros(2, 3)), name, "[2, 3]"), new(() => op(Tensor.Zeros(3)), name, "[3]")];

    private static Tensor Lifted(Tensor a) => a + Tensor.Arange(a.Dims[^2]).Unsqueeze(1).EqualTo(Tensor.Arange(a.Dims[^1])).Cast(a.DType) * Ridge;

    private static RefArray Lifted(RefArray a) => RefArray.Build(a.Shape, i => a[i] + (i[^1] == i[^2] ? Ridge : 0));

    private static Tensor Positive(Tensor a) => a.MatMul(a.T) + Tensor.Eye(a.Dims[^1], a.DType);

    private static double[,] Positive(double[,] a)
    {
        var p = NaiveAlgebra.Multiply(a, NaiveAlgebra.Transpose(a));
        for (int i = 0; i < p.GetLength(0); i++) p[i, i] += 1;
        return p;
    }

    private static Tensor Symmetric(Tensor a) => (a + a.T) * 0.5;

    private static double[,] Symmetric(double[,] a)
    {
        var s = new double[a.GetLength(0), a.GetLength(0)];
        for (int i = 0; i < s.GetLength(0); i++) for (int j = 0; j < s.GetLength(0); j++) s[i, j] = (a[i, j] + a[j, i]) / 2;
        return s;
    }

    private static double[,] Squared(double[,] a)
    {
        var s = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < s.GetLength(0); i++) for (int j = 0; j < s.GetLength(1); j++) s[i, j] = a[i, j] * a[i, j];
        return s;
    }

    private static double[,] PowerOf(double[,] a, int power)
    {
        if (power < 0) return PowerOf(NaiveAlgebra.Inverse(a), -power);
        var result = NaiveAlgebra.Identity(a.GetLength(0));
        for (int i = 0; i < power; i++) result = NaiveAlgebra.Multiply(result, a);
        return result;
    }

    private static RefArray Scalars(RefArray x, Func<double[,], double> f)
    {
        var each = NaiveAlgebra.Each(x, a => new double[,] { { f(a) } });
        return each.Reshape(x.Shape[..^2]);
    }
}
