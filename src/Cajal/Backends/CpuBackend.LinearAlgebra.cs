using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor Solve(Tensor a, Tensor b, out (int Matrix, int Place)? failure)
    {
        var (lu, x) = (OwnCopy(a), OwnCopy(b));
        failure = a.DType == DType.Float32 ? Run<float>(lu, x) : Run<double>(lu, x);
        return x;

        static (int, int)? Run<T>(Tensor lu, Tensor x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = lu.Dims[1], m = x.Dims[2];
            return Batches.Run(lu.Dims[0], (long)n * n * (n + m), i =>
            {
                var exchanges = new int[n];
                int singular = Lu.Factor(Matrix<T>(lu, i), exchanges, n);
                if (singular < 0) Lu.Solve(Matrix<T>(lu, i), exchanges, Matrix<T>(x, i), n, m);
                return singular;
            });
        }
    }

    internal override Tensor TriangularSolve(Tensor t, Tensor b, bool upper, bool unitDiagonal, out (int Matrix, int Place)? failure)
    {
        t = t.Contiguous();
        var x = OwnCopy(b);
        failure = t.DType == DType.Float32 ? Run<float>(t, x, upper, unitDiagonal) : Run<double>(t, x, upper, unitDiagonal);
        return x;

        static (int, int)? Run<T>(Tensor t, Tensor x, bool upper, bool unitDiagonal) where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = t.Dims[1], m = x.Dims[2];
            return Batches.Run(t.Dims[0], (long)n * n * m, i => Triangular.Solve<T>(Matrix<T>(t, i), Matrix<T>(x, i), n, m, upper, unitDiagonal));
        }
    }

    internal override Tensor Determinant(Tensor a)
    {
        var lu = OwnCopy(a);
        var y = Tensor.Uninitialised([a.Dims[0]], a.DType);
        if (a.DType == DType.Float32) Run<float>(lu, y);
        else Run<double>(lu, y);
        return y;

        static void Run<T>(Tensor lu, Tensor y) where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = lu.Dims[1];
            Batches.Run(lu.Dims[0], (long)n * n * n, i =>
            {
                var exchanges = new int[n];
                var matrix = Matrix<T>(lu, i);
                Lu.Factor(matrix, exchanges, n);
                var product = T.CreateTruncating(Lu.Parity(exchanges));
                for (int k = 0; k < n; k++) product *= matrix[k * n + k];
                y.Span<T>()[i] = product;
                return -1;
            });
        }
    }

    internal override (Tensor Sign, Tensor Log) LogDeterminant(Tensor a)
    {
        var lu = OwnCopy(a);
        var sign = Tensor.Uninitialised([a.Dims[0]], a.DType);
        var log = Tensor.Uninitialised([a.Dims[0]], a.DType);
        if (a.DType == DType.Float32) Run<float>(lu, sign, log);
        else Run<double>(lu, sign, log);
        return (sign, log);

        static void Run<T>(Tensor lu, Tensor sign, Tensor log) where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = lu.Dims[1];
            Batches.Run(lu.Dims[0], (long)n * n * n, i =>
            {
                var exchanges = new int[n];
                var matrix = Matrix<T>(lu, i);
                Lu.Factor(matrix, exchanges, n);
                var side = T.CreateTruncating(Lu.Parity(exchanges));
                var sum = T.Zero;
                for (int k = 0; k < n; k++)
                {
                    var pivot = matrix[k * n + k];
                    side *= pivot > T.Zero ? T.One : pivot < T.Zero ? -T.One : pivot;
                    sum += T.Log(T.Abs(pivot));
                }
                sign.Span<T>()[i] = side;
                log.Span<T>()[i] = sum;
                return -1;
            });
        }
    }

    internal override Tensor Cholesky(Tensor a, out (int Matrix, int Place)? failure)
    {
        var l = OwnCopy(a);
        int n = a.Dims[1];
        failure = a.DType == DType.Float32
            ? Batches.Run(a.Dims[0], (long)n * n * n, i => CholeskyFactor.Factor(Matrix<float>(l, i), n))
            : Batches.Run(a.Dims[0], (long)n * n * n, i => CholeskyFactor.Factor(Matrix<double>(l, i), n));
        return l;
    }

    internal override (Tensor Q, Tensor R) Qr(Tensor a)
    {
        a = a.Contiguous();
        int m = a.Dims[1], n = a.Dims[2];
        var q = Tensor.Uninitialised(a.Dims, a.DType);
        var r = Tensor.Uninitialised([a.Dims[0], n, n], a.DType);
        if (a.DType == DType.Float32) Run<float>(a, q, r);
        else Run<double>(a, q, r);
        return (q, r);

        static void Run<T>(Tensor a, Tensor q, Tensor r) where T : unmanaged, IFloatingPointIeee754<T>
        {
            int m = a.Dims[1], n = a.Dims[2];
            Batches.Run(a.Dims[0], (long)m * n * n, i =>
            {
                Householder.Factor<T>(Matrix<T>(a, i), Matrix<T>(q, i), Matrix<T>(r, i), m, n);
                return -1;
            });
        }
    }

    internal override (Tensor Values, Tensor Vectors) EigenSymmetric(Tensor a, out (int Matrix, int Place)? failure)
    {
        a = a.Contiguous();
        var values = Tensor.Uninitialised(a.Dims[..2], a.DType);
        var rows = Tensor.Uninitialised(a.Dims, a.DType);
        failure = a.DType == DType.Float32 ? Run<float>(a, values, rows) : Run<double>(a, values, rows);
        return (values, rows.T.Contiguous());

        static (int, int)? Run<T>(Tensor a, Tensor values, Tensor rows) where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = a.Dims[1];
            return Batches.Run(a.Dims[0], 10L * n * n * n, i => SymmetricEigen.Solve<T>(Matrix<T>(a, i), values.Span<T>().Slice(i * n, n), Matrix<T>(rows, i), n));
        }
    }

    internal override (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a)
    {
        var u = OwnCopy(a.T);
        int n = a.Dims[2];
        var s = Tensor.Uninitialised([a.Dims[0], n], a.DType);
        var vt = Tensor.Uninitialised([a.Dims[0], n, n], a.DType);
        if (a.DType == DType.Float32) Run<float>(u, s, vt);
        else Run<double>(u, s, vt);
        return (u.T.Contiguous(), s, vt);

        static void Run<T>(Tensor u, Tensor s, Tensor vt) where T : unmanaged, IFloatingPointIeee754<T>
        {
            int n = u.Dims[1], m = u.Dims[2];
            Batches.Run(u.Dims[0], 50L * m * n * n, i =>
            {
                JacobiSvd.Solve(Matrix<T>(u, i), s.Span<T>().Slice(i * n, n), Matrix<T>(vt, i), m, n);
                return -1;
            });
        }
    }

    private static Tensor OwnCopy(Tensor x)
    {
        var copy = Tensor.Uninitialised(x.Dims, x.DType);
        Instance.Copy(x, copy);
        return copy;
    }

    /// <summary>Matrix i of a contiguous batch.</summary>
    private static Span<T> Matrix<T>(Tensor x, int i) where T : unmanaged
    {
        int size = x.Dims[1] * x.Dims[2];
        return x.Span<T>().Slice(i * size, size);
    }
}
