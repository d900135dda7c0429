namespace Cajal.Models;

/// <summary>How far neighbours on a map were neighbours before (Venna and Kaski 2001).</summary>
public static class Trustworthiness
{
    /// <summary>
    /// 1 - 2 / (N k (2N - 3k - 1)) · Σᵢ Σⱼ max(0, r(i, j) - k), j over the k nearest to i on the map, r(i, j) the rank of j among the neighbours of i before: 1 if no stranger has come near, about 0.5
    /// for a map at random.
    /// </summary>
    /// <param name="x">Samples [N, ...].</param>
    /// <param name="map">The map, [N, ...].</param>
    /// <param name="neighbours">k, from 1 to below N / 2.</param>
    /// <exception cref="ShapeException">The two differ in N.</exception>
    /// <exception cref="ArgumentOutOfRangeException">k is out of range.</exception>
    public static double Of(Tensor x, Tensor map, int neighbours = 5)
    {
        Tensor before = Samples.Rows("Trustworthiness", x), after = Samples.Rows("Trustworthiness", map);
        int count = before.Shape[0];
        if (after.Shape[0] != count) throw new ShapeException($"Trustworthiness: x and map must have the same N, but are {x.Shape} and {map.Shape}.");
        if (neighbours < 1 || 2 * neighbours >= count)
            throw new ArgumentOutOfRangeException(nameof(neighbours), neighbours, $"Trustworthiness: of {count} samples, 1 to {(count - 1) / 2} neighbours can be looked at.");
        double[] far = Samples.SquaredDistances(before), near = Samples.SquaredDistances(after);
        var strange = new long[count];
        Samples.ForEach(count, i =>
        {
            int[] old = Order(far.AsSpan(i * count, count), i), now = Order(near.AsSpan(i * count, count), i);
            var rank = new int[count];
            for (int r = 0; r < old.Length; r++) rank[old[r]] = r + 1;
            for (int r = 0; r < neighbours; r++) strange[i] += Math.Max(0, rank[now[r]] - neighbours);
        });
        return 1 - 2.0 * strange.Sum() / ((double)count * neighbours * (2.0 * count - 3 * neighbours - 1));
    }

    /// <summary>All others, the nearest first, the earlier first of equals.</summary>
    private static int[] Order(ReadOnlySpan<double> distances, int self)
    {
        double[] keys = distances.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length).Where(j => j != self)];
        Array.Sort(order, (a, b) => keys[a].CompareTo(keys[b]) is var sign and not 0 ? sign : a.CompareTo(b));
        return order;
    }
}
