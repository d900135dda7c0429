using Cajal.Autodiff;

namespace Cajal;

/// <content>Einstein's summation: products of tensors, summed over the labels that the output does not name. Built from views, products and sums.</content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>
        /// Multiplies tensors as an equation says: one letter per axis, operands apart by commas, the output after an arrow. Letters that are not in the
        /// output are summed over; a letter twice in one operand takes a diagonal; <c>...</c> stands for any axes, which broadcast. Without an arrow the
        /// output has <c>...</c> and then the letters that occur once, in alphabetical order.
        /// </summary>
        /// <example><c>Tensor.Einsum("bij,bjk->bik", a, b)</c> is a batched product, <c>Tensor.Einsum("ii->", a)</c> a trace.</example>
        /// <exception cref="ShapeException">The equation is malformed, or does not fit the operands.</exception>
        public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands)
        {
            var plan = EinsumEquation.Parse(equation, operands);
            var terms = new List<EinsumTerm>();
            for (int i = 0; i < operands.Length; i++) terms.Add(TakeDiagonals(operands[i], plan.Inputs[i]));
            while (true)
            {
                for (int i = 0; i < terms.Count; i++) terms[i] = SumAlone(terms, i, plan.Output);
                if (terms.Count == 1) break;
                var (left, right) = CheapestPair(terms, plan.Output);
                var product = Contract(terms[left], terms[right], Wanted(terms, left, right, plan.Output));
                terms.RemoveAt(right);
                terms[left] = product;
            }
            var order = new int[plan.Output.Length];
            for (int i = 0; i < order.Length; i++) order[i] = Array.IndexOf(terms[0].Labels, plan.Output[i]);
            var y = terms[0].Value.Permute(order);
            OpTrace.Note("Einsum", y, operands.ToArray(), equation);
            return y;
        }
    }

    private readonly record struct EinsumTerm(Tensor Value, int[] Labels)
    {
        internal int Length(int label)
        {
            int axis = Array.IndexOf(Labels, label);
            return axis < 0 ? 1 : Value.Dims[axis];
        }
    }

    private static EinsumTerm TakeDiagonals(Tensor x, int[] labels)
    {
        for (int axis = 0; axis < labels.Length; axis++)
        {
            int twin = Array.IndexOf(labels, labels[axis], axis + 1);
            if (twin < 0) continue;
            // The diagonal becomes the last axis.
            x = x.Diagonal(0, axis, twin);
            labels = [.. labels[..axis], .. labels[(axis + 1)..twin], .. labels[(twin + 1)..], labels[axis]];
            axis--;
        }
        return new(x, labels);
    }

    /// <summary>Sums a term over the labels that neither the output nor another term has.</summary>
    private static EinsumTerm SumAlone(List<EinsumTerm> terms, int at, int[] output)
    {
        var (value, labels) = terms[at];
        var axes = new List<int>();
        for (int axis = 0; axis < labels.Length; axis++)
        {
            int label = labels[axis];
            bool wanted = output.Contains(label);
            for (int other = 0; !wanted && other < terms.Count; other++) wanted = other != at && terms[other].Labels.Contains(label);
            if (!wanted) axes.Add(axis);
        }
        return axes.Count == 0 ? terms[at] : new(value.Sum([.. axes]), [.. labels.Where((_, axis) => !axes.Contains(axis))]);
    }

    /// <summary>The labels that are still needed once two terms have been multiplied.</summary>
    private static HashSet<int> Wanted(List<EinsumTerm> terms, int left, int right, int[] output)
    {
        var wanted = new HashSet<int>(output);
        for (int i = 0; i < terms.Count; i++) if (i != left && i != right) wanted.UnionWith(terms[i].Labels);
        return wanted;
    }

    /// <summary>The pair whose product grows the data least; among equals the first.</summary>
    private static (int Left, int Right) CheapestPair(List<EinsumTerm> terms, int[] output)
    {
        var best = (0, 1);
        double least = double.PositiveInfinity;
        for (int left = 0; terms.Count > 2 && left < terms.Count; left++)
        {
            for (int right = left + 1; right < terms.Count; right++)
            {
                var wanted = Wanted(terms, left, right, output);
                double size = 1;
                foreach (int label in terms[left].Labels.Union(terms[right].Labels)) size *= wanted.Contains(label) ? Math.Max(terms[left].Length(label), terms[right].Length(label)) : 1;
                size -= (double)terms[left].Value.Count + terms[right].Value.Count;
                if (size < least) (least, best) = (size, (left, right));
            }
        }
        return best;
    }

    private static EinsumTerm Contract(EinsumTerm a, EinsumTerm b, HashSet<int> wanted)
    {
        int[] shared = [.. a.Labels.Where(b.Labels.Contains)];
        int[] batch = [.. shared.Where(wanted.Contains)], summed = [.. shared.Where(label => !wanted.Contains(label))];
        int[] rows = [.. a.Labels.Except(shared)], columns = [.. b.Labels.Except(shared)];
        int[] labels = [.. batch, .. rows, .. columns];
        if (summed.Length == 0)
        {
            // Nothing to sum: a product of elements, with axes of length 1 where the other has one of its own.
            var left = Arrange(a, [.. batch, .. rows], null).Reshape([.. batch.Select(a.Length), .. rows.Select(a.Length), .. columns.Select(_ => 1)]);
            var right = Arrange(b, [.. batch, .. columns], null).Reshape([.. batch.Select(b.Length), .. rows.Select(_ => 1), .. columns.Select(b.Length)]);
            return new(left * right, labels);
        }
        int Both(int label) => a.Length(label) == 1 ? b.Length(label) : a.Length(label);
        int[] batchDims = [.. batch.Select(Both)], summedDims = [.. summed.Select(Both)], rowDims = [.. rows.Select(a.Length)], columnDims = [.. columns.Select(b.Length)];
        int n = Shape.CountOf(batchDims), m = Shape.CountOf(rowDims), k = Shape.CountOf(summedDims), c = Shape.CountOf(columnDims);
        var x = Arrange(a, [.. batch, .. rows, .. summed], [.. batchDims, .. rowDims, .. summedDims]).Reshape(n, m, k);
        var y = Arrange(b, [.. batch, .. summed, .. columns], [.. batchDims, .. summedDims, .. columnDims]).Reshape(n, k, c);
        var z = n == 1 ? x.Reshape(m, k).MatMul(y.Reshape(k, c)) : x.MatMul(y);
        return new(z.Reshape([.. batchDims, .. rowDims, .. columnDims]), labels);
    }

    private static Tensor Arrange(EinsumTerm term, int[] labels, int[]? dims)
    {
        var y = term.Value.Permute(Array.ConvertAll(labels, label => Array.IndexOf(term.Labels, label)));
        return dims is null ? y : y.Expand(dims);
    }
}
