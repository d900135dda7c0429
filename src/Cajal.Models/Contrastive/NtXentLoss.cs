namespace Cajal.Models;

/// <summary>
/// Normalised, temperature-scaled cross-entropy (SimCLR: Chen et al. 2020): of two views of N samples, each of the 2N must find its partner among the other 2N - 1 by the cosine s of their
/// embeddings. ℓ(i, j) = -log(exp(sᵢⱼ / τ) / Σₖ≠ᵢ exp(sᵢₖ / τ)), averaged over both directions of all pairs.
/// </summary>
/// <param name="temperature">τ: small ones look mostly at the most similar strangers.</param>
/// <param name="reduction">How the losses of the 2N views become one result.</param>
/// <exception cref="ArgumentOutOfRangeException">τ is not positive.</exception>
public sealed class NtXentLoss(double temperature = 0.5, Reduction reduction = Reduction.Mean)
{
    // Keeps the derivative finite for an embedding of zeros.
    private const double LeastNorm = 1e-12;

    private readonly double temperature = temperature > 0 ? temperature : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "NtXentLoss: the temperature must be positive.");
    private readonly CrossEntropyLoss crossEntropy = new(reduction: reduction);

    /// <summary>How the losses of the 2N views become one result.</summary>
    public Reduction Reduction => reduction;

    /// <summary>The loss of embeddings of two views: row i of both belongs to one sample.</summary>
    /// <param name="first">[N, E], N ≥ 2.</param>
    /// <param name="second">[N, E].</param>
    /// <returns>One number, or [2N] without reduction: the first views, then the second.</returns>
    /// <exception cref="ShapeException">The shapes differ, or there is a single sample, which has no strangers.</exception>
    public Tensor Forward(Tensor first, Tensor second)
    {
        if (first.Rank != 2 || first.Shape != second.Shape || first.Shape[0] < 2)
            throw new ShapeException($"NtXentLoss: both views must have one shape, [N, E] with N of 2 at least, but they are {first.Shape} and {second.Shape}.");
        int count = first.Shape[0];
        var all = Tensor.Concat([first, second], 0);
        var directions = all * (all.Square().Sum([1], keepAxes: true) + LeastNorm).Rsqrt();
        var self = Tensor.Eye(2 * count, DType.Int64).EqualTo(1);
        var similarities = (directions.MatMul(directions.T) / temperature).MaskedFill(self, double.NegativeInfinity);
        var partners = Tensor.Arange(2 * count).Roll(count, 0);
        return crossEntropy.Forward(similarities, partners);
    }
}
