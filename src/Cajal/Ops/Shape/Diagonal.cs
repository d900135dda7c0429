using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>y[i] = x[i, i + offset] and its adjoint, a matrix with y on a diagonal.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>A diagonal of the matrices in two axes, as a view whose last axis runs along it: x [B..., m, n] → [B..., min(m, n)].</summary>
        /// <param name="offset">0 for the main diagonal, positive above it, negative below.</param>
        /// <param name="first">The axis of rows.</param>
        /// <param name="second">The axis of columns.</param>
        public Tensor Diagonal(int offset = 0, int first = -2, int second = -1)
        {
            first = x.Axis(first, "Diagonal");
            second = x.Axis(second, "Diagonal");
            if (first == second) throw new ShapeException($"Diagonal: two different axes are needed; both are {first}.");
            int rows = x.Dims[first], columns = x.Dims[second];
            int length = Math.Max(0, offset >= 0 ? Math.Min(rows, columns - offset) : Math.Min(rows + offset, columns));
            var strides = x.Strides;
            var newDims = new List<int>();
            var newStrides = new List<int>();
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if (axis == first || axis == second) continue;
                newDims.Add(x.Dims[axis]);
                newStrides.Add(strides[axis]);
            }
            newDims.Add(length);
            newStrides.Add(strides[first] + strides[second]);
            int start = length == 0 ? 0 : offset >= 0 ? offset * strides[second] : -offset * strides[first];
            return Tape.Record("Diagonal", x.View([.. newDims], [.. newStrides], x.Offset + start), x, (Offset: offset, First: first, Second: second, Whole: x.Shape),
                static (g, saved, _) => PutDiagonal(g, saved.Offset, saved.First, saved.Second, saved.Whole));
        }

        /// <summary>
        /// Of a matrix (or a batch of them) its diagonal; of a vector the square matrix that has it on a diagonal and zeros elsewhere.
        /// </summary>
        /// <param name="offset">0 for the main diagonal, positive above it, negative below.</param>
        public Tensor Diag(int offset = 0) => x.Rank == 1 ? x.DiagonalMatrix(offset) : x.Diagonal(offset);

        /// <summary>Matrices with the last axis of x on a diagonal and zeros elsewhere: x [B..., n] → [B..., n + |offset|, n + |offset|].</summary>
        public Tensor DiagonalMatrix(int offset = 0)
        {
            if (x.Rank == 0) throw new ShapeException("DiagonalMatrix: at least one axis is needed, but the tensor is a scalar.");
            int side = x.Dims[^1] + Math.Abs(offset);
            return PutDiagonal(x, offset, x.Rank - 1, x.Rank, new([.. x.Dims[..^1], side, side]));
        }

        /// <summary>The sum of the main diagonal: x [B..., m, n] → [B...].</summary>
        public Tensor Trace() => x.Diagonal().Sum(-1);
    }

    /// <summary>Zeros of shape <paramref name="whole"/> with a diagonal filled: the adjoint of Diagonal.</summary>
    private static Tensor PutDiagonal(Tensor diagonal, int offset, int first, int second, Shape whole)
    {
        var result = Tensor.Zeros(whole, diagonal.DType);
        if (diagonal.Count > 0) Backend.Of(diagonal).Copy(diagonal, result.Diagonal(offset, first, second));
        return Tape.Record("PutDiagonal", result, diagonal, (Offset: offset, First: first, Second: second),
            static (g, saved, _) => g.Diagonal(saved.Offset, saved.First, saved.Second));
    }
}
