namespace Cajal;

/// <summary>
/// In training, sets elements to zero with a probability and scales the rest so that the mean stays (Srivastava et al. 2014); in evaluation, the
/// identity: x [...] → [...].
/// </summary>
/// <param name="probability">The share that is dropped, in [0, 1).</param>
public abstract partial class DropoutLayer(double probability) : Module
{
    /// <summary>The share that is dropped.</summary>
    public double Probability { get; } = probability is >= 0 and < 1 ? probability : throw new ArgumentOutOfRangeException(nameof(probability), probability, "Dropout: the probability must lie in [0, 1).");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        var mask = MaskShape(x);
        if (!IsTraining || Probability == 0) return Report(x, x);
        var keep = Tensor.Uninitialised(mask, DType.Float32);
        Generator.Current.FillBernoulli(keep.Span<float>(), 1 - Probability);
        return Report(x, x * keep.MultiplyInPlace(1 / (1 - Probability)).Cast(x.DType));
    }

    /// <summary>What is decided together: axes of length 1 are dropped as a whole.</summary>
    private protected abstract int[] MaskShape(Tensor x);
}

/// <summary>Drops single elements: x [...] → [...].</summary>
/// <inheritdoc cref="DropoutLayer"/>
public sealed partial class Dropout(double probability = 0.5) : DropoutLayer(probability)
{
    private protected override int[] MaskShape(Tensor x) => x.Dims;
}

/// <summary>Drops whole channels of sequences: x [N, C, L] → the same.</summary>
/// <inheritdoc cref="DropoutLayer"/>
public sealed partial class Dropout1d(double probability = 0.5) : DropoutLayer(probability)
{
    private protected override int[] MaskShape(Tensor x) => x.Rank == 3 ? [x.Dims[0], x.Dims[1], 1] : throw new ShapeException($"{Label}: x must be [N, C, L], but it is {x.Shape}.");
}

/// <summary>Drops whole channels of images (Tompson et al. 2015): x [N, C, H, W] → the same.</summary>
/// <inheritdoc cref="DropoutLayer"/>
public sealed partial class Dropout2d(double probability = 0.5) : DropoutLayer(probability)
{
    private protected override int[] MaskShape(Tensor x) => x.Rank == 4 ? [x.Dims[0], x.Dims[1], 1, 1] : throw new ShapeException($"{Label}: x must be [N, C, H, W], but it is {x.Shape}.");
}
