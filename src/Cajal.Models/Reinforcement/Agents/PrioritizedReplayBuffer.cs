namespace Cajal.Models;

/// <summary>
/// Experiences the agent was most wrong about come up more often (Schaul et al. 2016): P(i) ∝ (|δᵢ| + ε)^α, with weights (N P(i))^-β, divided by the largest there
/// can be, against the bias. New ones come with the largest priority so far.
/// </summary>
/// <param name="capacity">How many are kept.</param>
/// <param name="observationSize">Numbers in an observation.</param>
/// <param name="exponent">α: 0 draws uniformly.</param>
/// <param name="correction">β: 1 corrects the bias fully.</param>
public sealed class PrioritizedReplayBuffer(int capacity, int observationSize, double exponent = 0.6, double correction = 0.4) : ReplayBuffer(capacity, observationSize)
{
    private const double Least = 1e-2;
    private readonly SumTree priorities = new(capacity);
    private double largest = 1;

    /// <inheritdoc/>
    public override void Update(ReplayBatch batch, ReadOnlySpan<float> errors)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            double priority = Math.Pow(Math.Abs(errors[i]) + Least, exponent);
            largest = Math.Max(largest, priority);
            priorities[batch.Places[i]] = priority;
        }
    }

    /// <inheritdoc/>
    private protected override void Added(int place) => priorities[place] = largest;

    /// <inheritdoc/>
    private protected override void Draw(Span<int> places, Span<float> weights, Generator random)
    {
        // One draw from each of as many equal parts of the sum, which spreads a batch over all priorities.
        double part = priorities.Sum / places.Length, least = priorities.Least;
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = priorities.Find((i + random.NextUniform()) * part);
            weights[i] = (float)Math.Pow(least / priorities[places[i]], correction);
        }
    }
}
