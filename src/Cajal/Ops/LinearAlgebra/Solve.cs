using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>X = A⁻¹ B; dB = A⁻ᵀ dX, dA = -dB Xᵀ.</content>
public static partial class TensorOps
{
    extension(Tensor a)
    {
        /// <summary>
        /// The solution of A X = B by elimination with row exchanges: A [B..., n, n], b [B..., n, m] → [B..., n, m], batch axes broadcast; a vector b [n] gives a vector.
        /// </summary>
        /// <exception cref="ShapeException">A is not square, or b has not as many rows.</exception>
        /// <exception cref="LinearAlgebraException">A is singular; the message names the column without a pivot.</exception>
        public Tensor Solve(Tensor b) => SolveNamed(a, b, "Solve");

        /// <summary>A⁻¹. To solve equations, Solve is faster and more accurate.</summary>
        /// <inheritdoc cref="Solve(Tensor, Tensor)"/>
        public Tensor Inverse()
        {
            a = CheckMatrix(a, "Inverse");
            return SolveNamed(a, Tensor.Eye(a.Dims[^1], a.DType), "Inverse");
        }

        /// <summary>A multiplied by itself: Aⁿ for square A; the identity for n = 0, powers of the inverse below.</summary>
        public Tensor MatrixPower(int exponent)
        {
            a = CheckMatrix(a, "MatrixPower");
            if (exponent == 0) return Tensor.Eye(a.Dims[^1], a.DType).Expand(a.Shape).Clone();
            if (exponent < 0) a = SolveNamed(a, Tensor.Eye(a.Dims[^1], a.DType), "MatrixPower");
            Tensor? product = null;
            var square = a;
            for (uint rest = (uint)Math.Abs((long)exponent); rest > 0; rest >>= 1)
            {
                if ((rest & 1) != 0) product = product is null ? square : product.MatMul(square);
                if (rest > 1) square = square.MatMul(square);
            }
            return product!;
        }
    }

    private static Tensor SolveNamed(Tensor a, Tensor b, string op)
    {
        a = CheckMatrix(a, op);
        b = b.AsFloating();
        Promote(ref a, ref b);
        // Only one axis means a vector: [B, n] for a batch of vectors could not be told from a matrix that is broadcast.
        if (b.Rank == 1) return SolveNamed(a, b.Unsqueeze(-1), op).Squeeze(-1);
        (a, b) = BroadcastSystem(a, b, op);
        var x = Backend.Of(a).Solve(OneBatch(a), OneBatch(b), out var failure);
        ThrowIfFailed(failure, a, pivot => $"{op}: the matrix is singular: column {pivot} has no pivot, so it depends on the columns before it");
        x = x.View(b.Dims, null, 0);
        return Tape.Record("Solve", x, a, b, (A: (Saved)a, X: (Saved)(a.Node is null ? null : x)), static (g, saved, needs) =>
        {
            var right = saved.A.Value.T.Solve(g);
            return (needs[0] ? -right.MatMul(saved.X.Value.T) : null, needs[1] ? right : null);
        });
    }

    /// <summary>Brings a [B..., n, n] and b [B..., n, m] to common batch axes.</summary>
    private static (Tensor A, Tensor B) BroadcastSystem(Tensor a, Tensor b, string op)
    {
        if (b.Rank < 2 || b.Dims[^2] != a.Dims[^1]) throw new ShapeException($"{op}: b must have one row per row of A: A {a.Shape}, b {b.Shape}.");
        var batch = Broadcasting.Shape(a.Dims[..^2], b.Dims[..^2], op);
        return (a.Expand([.. batch, a.Dims[^2], a.Dims[^1]]), b.Expand([.. batch, b.Dims[^2], b.Dims[^1]]));
    }
}
