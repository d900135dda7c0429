using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>sₑ = aᵢ · bⱼ at the entries (i, j) of a pattern alone; da = S(g) b, db = S(g)ᵀ a, where S(g) is the sparse matrix with values g.</content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>
        /// The entries of a bᵀ where a pattern has some, without the others: a [m, F], b [n, F] → [entries]; with <paramref name="heads"/> H the inner products of F / H columns each: [entries, H].
        /// </summary>
        /// <param name="pattern">Which entries are wanted; of m rows and n columns.</param>
        /// <param name="a">A row for each row of the pattern.</param>
        /// <param name="b">A row for each column of the pattern.</param>
        /// <param name="heads">H; null for one, without an axis of its own.</param>
        /// <exception cref="ShapeException">a or b do not fit the pattern or each other, or F is not a multiple of H.</exception>
        public static Tensor SampledMatMul(SparsePattern pattern, Tensor a, Tensor b, int? heads = null)
        {
            ArgumentNullException.ThrowIfNull(pattern);
            if (heads is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(heads));
            (a, b) = (a.AsFloating(), b.AsFloating());
            Promote(ref a, ref b);
            CheckSide(a, pattern.RowCount, heads ?? 1, "SampledMatMul", "a", "rows");
            CheckSide(b, pattern.ColumnCount, heads ?? 1, "SampledMatMul", "b", "columns");
            if (a.Dims[1] != b.Dims[1]) throw new ShapeException($"SampledMatMul: a {a.Shape} and b {b.Shape} must have as many columns.");
            return Sampled(pattern, a, b, heads ?? 0);
        }
    }

    /// <summary>0 heads: one, without an axis.</summary>
    private static Tensor Sampled(SparsePattern pattern, Tensor a, Tensor b, int heads)
    {
        var s = Backend.Of(a).SampledMatMul(pattern, a, b, Math.Max(1, heads));
        if (heads == 0) s = s.View([pattern.Count], null, s.Offset);
        return Tape.Record("SampledMatMul", s, a, b,
            (Pattern: pattern, A: (Saved)(b.Node is null ? null : a), B: (Saved)(a.Node is null ? null : b)),
            static (g, saved, needs) => (
                needs[0] ? Tensor.SparseMatMul(saved.Pattern, g, saved.B) : null,
                needs[1] ? Tensor.SparseMatMul(saved.Pattern.Transposed, saved.Pattern.Transpose(g), saved.A) : null));
    }
}
