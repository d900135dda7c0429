namespace Cajal;

public sealed partial class Generator
{
    /// <summary>0 … n − 1 in random order.</summary>
    public int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var order = new int[n];
        for (var i = 0; i < n; i++) order[i] = i;
        Shuffle<int>(order);
        return order;
    }

    /// <summary>Puts the items in random order (Fisher and Yates), all orders equally likely to within 2^-32 per step.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        var at = Reserve(items.Length);
        Span<ulong> draws = stackalloc ulong[Philox.GroupWords / 2];
        var group = ulong.MaxValue;
        for (var last = items.Length - 1; last > 0; last--)
        {
            var (needed, index) = Math.DivRem(at.Position + (ulong)last, (ulong)draws.Length);
            if (needed != group) RandomFill.Group64(at, group = needed, draws);
            var other = (int)RandomFill.ToIndex(draws[(int)index], (ulong)last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>
    /// Draws <paramref name="count"/> indices with probabilities proportional to their weights. Without replacement, each next index is
    /// drawn in proportion among those not yet taken, and comes in that order.
    /// </summary>
    public int[] Choice(ReadOnlySpan<double> weights, int count, bool replacement = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var total = 0.0;
        var positive = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException($"Choice: weights must be finite and not negative, but weight {i} is {weights[i]}.",
                    nameof(weights));
            total += weights[i];
            if (weights[i] > 0) positive++;
        }

        if (count == 0) return [];
        if (!(total > 0 && double.IsFinite(total)))
            throw new ArgumentException($"Choice: the weights must add up to a positive finite number, but their sum is {total}.",
                nameof(weights));
        if (!replacement && count > positive)
            throw new ArgumentException($"Choice: cannot take {count} without replacement, only {positive} weights are positive.",
                nameof(count));
        return replacement ? ChooseWithReplacement(weights, count) : ChooseWithoutReplacement(weights, count);
    }

    private int[] ChooseWithReplacement(ReadOnlySpan<double> weights, int count)
    {
        var cumulative = new double[weights.Length];
        var total = 0.0;
        var lastPositive = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            cumulative[i] = total += weights[i];
            if (weights[i] > 0) lastPositive = i;
        }

        var draws = new double[count];
        FillUniform(draws.AsSpan());
        var chosen = new int[count];
        for (var i = 0; i < count; i++)
        {
            // The first index whose cumulative weight exceeds the draw; rounding must not carry it past the last possible one.
            var (low, high) = (0, lastPositive);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (cumulative[middle] > draws[i] * total) high = middle;
                else low = middle + 1;
            }

            chosen[i] = low;
        }

        return chosen;
    }

    // Efraimidis and Spirakis (2006): the smallest of exponential times with rates w come first, in the order of successive draws.
    private int[] ChooseWithoutReplacement(ReadOnlySpan<double> weights, int count)
    {
        var times = new double[weights.Length];
        FillUniform(times.AsSpan());
        var order = new int[weights.Length];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = weights[i] > 0 ? -Math.Log(1 - times[i]) / weights[i] : double.PositiveInfinity;
            order[i] = i;
        }

        Array.Sort(times, order);
        return order[..count];
    }
}
