namespace Cajal;

/// <summary>Decides which samples an epoch visits, in which order. The order is a pure function of (seed, epoch).</summary>
public abstract class Sampler
{
    /// <summary>Number of samples per epoch.</summary>
    public abstract int Count { get; }

    /// <summary>The sample indices of one epoch, [<see cref="Count"/>].</summary>
    /// <param name="random">A generator made from (seed, epoch); the only source of randomness.</param>
    public abstract int[] Order(Generator random);
}

/// <summary>Every sample once, in the dataset's order.</summary>
public sealed class SequentialSampler(int count) : Sampler
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override int[] Order(Generator random) => Indices.Range(count);
}

/// <summary>Every sample once, in a random order.</summary>
public sealed class RandomSampler(int count) : Sampler
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override int[] Order(Generator random) => random.Permutation(count);
}

/// <summary>Draws samples at random, sample i with probability weight i / sum of weights.</summary>
public sealed class WeightedSampler : Sampler
{
    private readonly double[] weights;
    private readonly bool replacement;

    /// <summary>Creates a sampler from one weight per sample.</summary>
    /// <param name="weights">[N], not negative, not all zero; only their ratios matter.</param>
    /// <param name="count">Draws per epoch; default N.</param>
    /// <param name="replacement">Whether a sample may be drawn more than once in an epoch.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, all are zero, or too few are left to draw without replacement.</exception>
    public WeightedSampler(ReadOnlySpan<double> weights, int? count = null, bool replacement = true)
    {
        this.weights = weights.ToArray();
        this.replacement = replacement;
        Count = count ?? weights.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(Count, nameof(count));
        int positive = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            positive += weights[i] >= 0 && double.IsFinite(weights[i])
                ? (weights[i] > 0 ? 1 : 0)
                : throw new ArgumentException($"WeightedSampler: weight {i} is {weights[i]}; weights must be finite and not negative.", nameof(weights));
        }
        if (positive == 0 || (!replacement && positive < Count))
        {
            throw new ArgumentException(
                $"WeightedSampler: {positive} weights are greater than zero; {(replacement ? "at least one must be" : $"{Count} draws without replacement need as many")}.",
                nameof(weights));
        }
    }

    /// <summary>A sampler that draws every class equally often, however rare it is.</summary>
    /// <param name="dataset">A classification dataset.</param>
    /// <param name="count">Draws per epoch; default the dataset's size.</param>
    /// <exception cref="InvalidOperationException">The dataset is a regression.</exception>
    public static WeightedSampler Balanced(Dataset dataset, int? count = null)
    {
        int[] counts = dataset.ClassCounts();
        return new WeightedSampler(Array.ConvertAll(dataset.LabelArray(), label => 1.0 / counts[label]), count);
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override int[] Order(Generator random) => random.Choice(weights, Count, replacement);
}
