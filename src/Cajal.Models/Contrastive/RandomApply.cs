namespace Cajal.Models;

/// <summary>A random change for some of the images, the others as they are: a network that saw changed images alone would find plain ones strange, whose strokes no resampling has blurred.</summary>
/// <param name="change">The change; it must keep the size.</param>
/// <param name="probability">Share of the images changed.</param>
public sealed class RandomApply(ImageTransform change, double probability) : ImageTransform
{
    private readonly double probability = probability is >= 0 and <= 1 ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "RandomApply: the probability must lie between 0 and 1.");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The change gives another size.</exception>
    public override ImageSize OutputSize(ImageSize input)
    {
        var output = change.OutputSize(input);
        return output == input ? input : throw new ShapeException($"RandomApply: {change} turns {input} into {output}; images that are changed and others must have one size.");
    }

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        if (random.NextUniform() < probability) change.Apply(source, destination, size, random);
        else source.CopyTo(destination);
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomApply({change}, {probability})";
}
