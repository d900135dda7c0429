namespace Cajal;

/// <summary>Random partitions of sample indices, plain or stratified by class. Arithmetic on arrays only.</summary>
internal static class Splitting
{
    /// <summary>Two parts, the first of round(fraction * count) samples. With labels each class is divided in that ratio, within one sample.</summary>
    internal static (int[] First, int[] Second) InTwo(int count, double fraction, int[]? labels, Generator random)
    {
        if (!(fraction >= 0 && fraction <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), $"Split: the fraction must lie between 0 and 1, but is {fraction}.");
        }
        int wanted = (int)Math.Round(fraction * count, MidpointRounding.AwayFromZero);
        int[] order = random.Permutation(count);
        if (labels is null)
        {
            return (order[..wanted], order[wanted..]);
        }
        int[] quota = Quotas(labels, fraction, wanted);
        var first = new List<int>(wanted);
        var second = new List<int>(count - wanted);
        foreach (int index in order)
        {
            (quota[labels[index]]-- > 0 ? first : second).Add(index);
        }
        return ([.. first], [.. second]);
    }

    /// <summary>k parts whose sizes differ by at most one; with labels, also each class's counts differ by at most one.</summary>
    internal static int[][] Folds(int count, int folds, int[]? labels, Generator random)
    {
        if (folds < 2 || folds > count)
        {
            throw new ArgumentOutOfRangeException(nameof(folds), $"KFold: the number of folds must lie between 2 and the number of samples, {count}, but is {folds}.");
        }
        int[] order = random.Permutation(count);
        // Dealing like cards, one class after the other, keeps both the classes and the totals even.
        IEnumerable<int> dealt = labels is null ? order : order.OrderBy(i => labels[i]);
        var parts = new List<int>[folds];
        for (int f = 0; f < folds; f++)
        {
            parts[f] = new List<int>(count / folds + 1);
        }
        int next = 0;
        foreach (int index in dealt)
        {
            parts[next++ % folds].Add(index);
        }
        foreach (List<int> part in parts)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(part));
        }
        return [.. parts.Select(p => p.ToArray())];
    }

    /// <summary>How many of each class go to the first part: floors, then the largest remainders until the total is met.</summary>
    private static int[] Quotas(int[] labels, double fraction, int wanted)
    {
        var counts = new int[labels.Length == 0 ? 0 : labels.Max() + 1];
        foreach (int label in labels)
        {
            counts[label]++;
        }
        int[] quota = Array.ConvertAll(counts, n => (int)Math.Floor(n * fraction + 1e-9));
        int missing = wanted - quota.Sum();
        foreach (int k in Indices.Range(counts.Length).OrderByDescending(k => counts[k] * fraction - quota[k]).Take(Math.Max(0, missing)))
        {
            quota[k]++;
        }
        return quota;
    }
}
