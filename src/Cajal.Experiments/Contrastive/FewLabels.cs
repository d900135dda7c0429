namespace Cajal.Experiments;

/// <summary>Datasets with few labels.</summary>
internal static class FewLabels
{
    /// <summary>So many samples of each class, chosen at random.</summary>
    internal static Dataset PerClass(Dataset data, int count, int seed)
    {
        int[] labels = data.Labels.ToArray();
        int[] order = new Generator((ulong)seed).Permutation(labels.Length);
        return data.Subset([.. order.GroupBy(i => labels[i]).OrderBy(group => group.Key).SelectMany(group => group.Take(count))]);
    }
}
