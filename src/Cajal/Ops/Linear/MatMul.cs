using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>Z = X Y; dX = dZ Yᵀ, dY = Xᵀ dZ.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The product of matrices: x [B..., m, k] · y [B..., k, n] → [B..., m, n], batch axes broadcast. A vector on the left is a row [k], on the
        /// right a column [k], and its axis disappears from the result; two vectors give their inner product.
        /// </summary>
        /// <exception cref="ShapeException">The inner lengths differ, the batch axes do not broadcast, or an operand is a scalar.</exception>
        public Tensor MatMul(Tensor y)
        {
            if (x.Rank == 0 || y.Rank == 0) throw new ShapeException($"MatMul: both operands need at least one axis; left {x.Shape}, right {y.Shape}. Use * to scale.");
            Promote(ref x, ref y);
            if (x.Rank == 1) return y.Rank == 1 ? x.Unsqueeze(0).MatMul(y.Unsqueeze(1)).Reshape() : x.Unsqueeze(0).MatMul(y).Squeeze(-2);
            if (y.Rank == 1) return x.MatMul(y.Unsqueeze(1)).Squeeze(-1);
            if (x.Dims[^1] != y.Dims[^2])
            {
                string hint = x.Dims[^1] == y.Dims[^1] ? " Transpose right?" : x.Dims[^2] == y.Dims[^2] ? " Transpose left?" : "";
                throw new ShapeException($"MatMul: left axis {x.Rank - 1} ({x.Dims[^1]}) must equal right axis {y.Rank - 2} ({y.Dims[^2]}); left {x.Shape}, right {y.Shape}.{hint}");
            }
            if (y.Rank == 2 && x.Rank > 2)
            {
                // One matrix on the right of a whole batch is one tall product.
                var tall = x.Reshape(-1, x.Dims[^1]).MatMul(y).Reshape([.. x.Dims[..^1], y.Dims[1]]);
                OpTrace.Note("MatMul", tall, [x, y]);
                return tall;
            }
            var (left, right) = (x, y);
            if (x.Rank > 2 || y.Rank > 2)
            {
                var batch = Broadcasting.Shape(x.Dims[..^2], y.Dims[..^2], "MatMul");
                x = x.Expand([.. batch, x.Dims[^2], x.Dims[^1]]);
                y = y.Expand([.. batch, y.Dims[^2], y.Dims[^1]]);
            }
            var z = Backend.Of(x).MatMul(x, y);
            ProductCounter.Count((long)z.Count * x.Dims[^1], x, y);
            z = Tape.Record("MatMul", z, x, y,
                (X: (Saved)(y.Node is null ? null : x), Y: (Saved)(x.Node is null ? null : y)),
                static (g, saved, needs) => (needs[0] ? g.MatMul(saved.Y.Value.T) : null, needs[1] ? saved.X.Value.T.MatMul(g) : null));
            OpTrace.Note("MatMul", z, [left, right]);
            return z;
        }

        /// <summary>The outer product of two vectors: x [m], y [n] → [m, n].</summary>
        public Tensor Outer(Tensor y)
        {
            if (x.Rank != 1 || y.Rank != 1) throw new ShapeException($"Outer: both operands must be vectors; left {x.Shape}, right {y.Shape}.");
            return x.Unsqueeze(1) * y.Unsqueeze(0);
        }
    }
}
