namespace Cajal;

/// <summary>
/// In training, sets each element to zero with a probability and scales the rest so that the mean stays (Srivastava et al. 2014);
/// in evaluation, the identity: x [...] → [...].
/// </summary>
/// <param name="probability">The share of elements dropped, in [0, 1).</param>
public sealed partial class Dropout(double probability = 0.5) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        if (probability is < 0 or >= 1) throw new ArgumentOutOfRangeException(nameof(probability), probability, $"{Label}: the probability must lie in [0, 1).");
        if (!IsTraining || probability == 0) return Report(x, x);
        var keep = Tensor.Uninitialised(x.Dims, DType.Float32);
        Generator.Current.FillBernoulli(keep.Span<float>(), 1 - probability);
        return Report(x, x * keep.MultiplyInPlace(1 / (1 - probability)).Cast(x.DType));
    }
}
