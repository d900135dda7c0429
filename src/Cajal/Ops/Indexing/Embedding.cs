using Cajal.Autodiff;

namespace Cajal;

/// <content>Rows of a table by index. The gradient of the table is summed where indices repeat.</content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>The rows of <paramref name="weight"/> named by <paramref name="indices"/>: weight [K, E], indices [B...] → [B..., E].</summary>
        /// <param name="weight">The table [K, E].</param>
        /// <param name="indices">Int64 or Int32, each from 0 to K - 1 (or negative, from the end).</param>
        /// <param name="paddingIndex">A row that never receives a gradient; null for none.</param>
        /// <exception cref="ShapeException">The table is not a matrix, or an index lies outside it.</exception>
        public static Tensor Embedding(Tensor weight, Tensor indices, int? paddingIndex = null)
        {
            if (weight.Rank != 2) throw new ShapeException($"Embedding: the table must be a matrix [K, E], not {weight.Shape}.");
            var positions = CheckedPositions(indices, weight, 0, "Embedding");
            int[] shape = [.. indices.Dims, weight.Dims[1]];
            var flat = positions.View([positions.Count], null, 0);
            if (paddingIndex is not { } named)
            {
                var found = TakeRows(weight, 0, flat).Reshape(shape);
                OpTrace.Note("Take", found, [weight, indices], 0);
                return found;
            }
            int padding = named < 0 ? named + weight.Dims[0] : named;
            if ((uint)padding >= (uint)weight.Dims[0]) throw new ShapeException($"Embedding: paddingIndex {named} is outside the table, which has {weight.Dims[0]} rows.");
            // Position -1 is skipped in both directions: padding rows reach the result by a path without gradient.
            var learned = flat.Clone();
            var constant = Tensor.Full([flat.Count], -1, DType.Int32);
            Span<int> from = learned.Span<int>(), to = constant.Span<int>();
            for (int i = 0; i < from.Length; i++) if (from[i] == padding) (from[i], to[i]) = (-1, padding);
            var rows = TakeRows(weight, 0, learned) + TakeRows(weight.Detach(), 0, constant);
            rows = rows.Reshape(shape);
            OpTrace.Note("Take", rows, [weight, indices], 0);
            return rows;
        }
    }
}
