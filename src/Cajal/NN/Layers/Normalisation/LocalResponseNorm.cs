namespace Cajal;

/// <summary>Dampens each channel by the squares of its neighbours at the same place (Krizhevsky, Sutskever and Hinton 2012): x [N, C, ...] → the same.</summary>
/// <param name="size">Channels in a window.</param>
/// <param name="alpha">Weight of the mean square; the paper's, which weighs the sum, times <paramref name="size"/>.</param>
/// <param name="beta">Power of the divisor.</param>
/// <param name="k">What stands beside the mean square.</param>
public sealed partial class LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1) : Module
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has no channels.</exception>
    public override Tensor Forward(Tensor x) => Report(x, x.LocalResponseNorm(size, alpha, beta, k));
}
