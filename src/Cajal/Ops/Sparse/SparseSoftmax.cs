using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>pₑ = exp(vₑ) / Σ exp(v) over the entries of e's row; dvₑ = pₑ (gₑ - Σ g p). Shifted by the maximum of the row.</content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>
        /// Softmax over the entries of each row of a sparse matrix: values [entries] or [entries, H] → the same, the values of a row adding up to 1 for each head. What has no entry has probability 0, as
        /// in attention over neighbours (Veličković et al. 2018).
        /// </summary>
        /// <param name="pattern">Which entries form a row.</param>
        /// <param name="values">Their logits.</param>
        /// <exception cref="ShapeException">The values do not fit the pattern.</exception>
        public static Tensor SparseSoftmax(SparsePattern pattern, Tensor values)
        {
            ArgumentNullException.ThrowIfNull(pattern);
            values = values.AsFloating();
            int heads = HeadsOf(pattern, values, "SparseSoftmax");
            var p = Backend.Of(values).SparseSoftmax(pattern, values, heads);
            return Tape.Record("SparseSoftmax", p, values, (Pattern: pattern, P: (Saved)p), static (g, saved, _) =>
            {
                var (rows, weighted) = (saved.Pattern.Rows, g * saved.P);
                return weighted - saved.P * TakeRows(SumRows(weighted, 0, rows, saved.Pattern.RowCount), 0, rows);
            });
        }
    }
}
