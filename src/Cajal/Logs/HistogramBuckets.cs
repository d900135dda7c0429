namespace Cajal.Logs;

/// <summary>
/// A histogram with buckets that grow by a tenth from one to the next, from 10⁻¹² to 10²⁰ on either side of zero, as TensorFlow's: near zero as fine as far from it.
/// </summary>
/// <remarks>Source: TensorFlow, "tsl/lib/histogram". Values that are not finite are left out.</remarks>
internal sealed class HistogramBuckets
{
    private static readonly double[] Limits = MakeLimits();

    private readonly double[] counts = new double[Limits.Length];

    internal HistogramBuckets(Tensor values)
    {
        foreach (double value in values.ToArray<double>())
        {
            if (!double.IsFinite(value)) continue;
            int at = Array.BinarySearch(Limits, value);
            counts[Math.Min(at < 0 ? ~at : at + 1, counts.Length - 1)]++;
            (Least, Most) = (Math.Min(Least, value), Math.Max(Most, value));
            Count++;
            Sum += value;
            SumOfSquares += value * value;
        }
    }

    internal double Least { get; private set; } = double.PositiveInfinity;

    internal double Most { get; private set; } = double.NegativeInfinity;

    internal long Count { get; private set; }

    internal double Sum { get; private set; }

    internal double SumOfSquares { get; private set; }

    /// <summary>Upper ends and counts, without the empty buckets outside; the first one kept is empty, so that the one behind it has a lower end.</summary>
    internal (double[] Limits, double[] Counts) Filled()
    {
        if (Count == 0) return ([double.MaxValue], [0]);
        int first = Math.Max(0, Array.FindIndex(counts, count => count > 0) - 1), last = Array.FindLastIndex(counts, count => count > 0);
        return (Limits[first..(last + 1)], counts[first..(last + 1)]);
    }

    private static double[] MakeLimits()
    {
        var positive = new List<double>();
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1) positive.Add(limit);
        positive.Add(double.MaxValue);
        return [.. positive.Select(limit => -limit).Reverse(), 0, .. positive];
    }
}
