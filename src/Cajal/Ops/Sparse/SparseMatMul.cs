using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// Y = A X with entries aₑ at (i(e), j(e)): yᵢ = Σ aₑ xⱼ over the entries of row i; dX = Aᵀ dY, daₑ = dyᵢ · xⱼ. The second is <c>SampledMatMul</c>, whose gradients
/// are sparse products again.
/// </content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>
        /// A sparse matrix times a dense one: A [m, n] with <paramref name="values"/> [entries], x [n, F] → [m, F]. Values [entries, H] are H matrices of one pattern, each for its own F / H
        /// columns of x ("heads"). Sums are taken in the order of the entries, whatever the number of threads.
        /// </summary>
        /// <param name="pattern">Where the entries of A stand.</param>
        /// <param name="values">What they are.</param>
        /// <param name="x">The dense matrix.</param>
        /// <exception cref="ShapeException">Values or x do not fit the pattern, or F is not a multiple of H.</exception>
        public static Tensor SparseMatMul(SparsePattern pattern, Tensor values, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(pattern);
            (values, x) = (values.AsFloating(), x.AsFloating());
            Promote(ref values, ref x);
            int heads = HeadsOf(pattern, values, "SparseMatMul");
            CheckSide(x, pattern.ColumnCount, heads, "SparseMatMul", "x", "columns");
            var y = Backend.Of(x).SparseMatMul(pattern, values, x, heads);
            return Tape.Record("SparseMatMul", y, values, x,
                (Pattern: pattern, Values: (Saved)(x.Node is null ? null : values), X: (Saved)(values.Node is null ? null : x), Heads: values.Rank == 1 ? 0 : heads),
                static (g, saved, needs) => (
                    needs[0] ? Sampled(saved.Pattern, g, saved.X, saved.Heads) : null,
                    needs[1] ? Tensor.SparseMatMul(saved.Pattern.Transposed, saved.Pattern.Transpose(saved.Values), g) : null));
        }
    }

    /// <summary>The number of heads H of values [entries] (one) or [entries, H].</summary>
    internal static int HeadsOf(SparsePattern pattern, Tensor values, string op) =>
        values.Rank is 1 or 2 && values.Dims[0] == pattern.Count ? values.Rank == 1 ? 1 : values.Dims[1]
        : throw new ShapeException($"{op}: values must be [{pattern.Count}] or [{pattern.Count}, heads], one for each entry of the pattern, but are {values.Shape}.");

    private static void CheckSide(Tensor x, int length, int heads, string op, string name, string side)
    {
        if (x.Rank != 2 || x.Dims[0] != length) throw new ShapeException($"{op}: {name} must be [{length}, F], a row for each of the {side} of the pattern, but is {x.Shape}.");
        if (heads == 0 ? x.Dims[1] != 0 : x.Dims[1] % heads != 0) throw new ShapeException($"{op}: the {x.Dims[1]} columns of {name} do not divide into {heads} heads.");
    }
}
