namespace Cajal.Onnx;

/// <summary>The different rows of a matrix: where each stands first, which of them every row is, and how often each occurs.</summary>
internal sealed record DistinctRows(int[] First, int[] Inverse, int[] Counts)
{
    /// <param name="x">The tensor, for its element type and text.</param>
    /// <param name="rows">Its elements as rows [n, width].</param>
    /// <param name="sorted">Whether rows come in ascending order, or as they are found.</param>
    internal static DistinctRows Of(OnnxTensor x, Tensor rows, bool sorted)
    {
        int count = rows.Dims[0], width = rows.Dims[1];
        Comparison<int> compare = x.Element switch
        {
            OnnxElement.String => Comparing(x.Element == OnnxElement.String ? Array.ConvertAll(rows.ToArray<long>(), handle => x.Texts![handle]) : [], StringComparer.Ordinal),
            _ when x.Element.IsFloating => Comparing(rows.ToArray<double>(), Comparer<double>.Default),
            _ => Comparing(Integers.Ordered(rows, x.Element).ToArray<long>(), Comparer<long>.Default),
        };
        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(order, (a, b) => compare(a, b) is var different and not 0 ? different : a.CompareTo(b));
        var first = new List<int>();
        var group = new int[count];
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || compare(order[i], order[i - 1]) != 0) first.Add(order[i]);
            group[order[i]] = first.Count - 1;
        }
        // Groups are in ascending order; their first rows give the other one.
        int[] rank = [.. Enumerable.Range(0, first.Count)];
        if (!sorted)
        {
            int[] found = [.. Enumerable.Range(0, first.Count).OrderBy(g => first[g])];
            for (int i = 0; i < found.Length; i++) rank[found[i]] = i;
        }
        int[] firsts = new int[first.Count], counts = new int[first.Count];
        for (int g = 0; g < first.Count; g++) firsts[rank[g]] = first[g];
        for (int i = 0; i < count; i++) counts[group[i] = rank[group[i]]]++;
        return new(firsts, group, counts);

        Comparison<int> Comparing<T>(T[] values, IComparer<T> comparer) => (a, b) =>
        {
            for (int i = 0; i < width; i++) if (comparer.Compare(values[a * width + i], values[b * width + i]) is var different and not 0) return different;
            return 0;
        };
    }
}
