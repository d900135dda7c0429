namespace Cajal.Models;

/// <summary>
/// Times as waves (Vaswani et al. 2017, as used by Ho et al. 2020): t [N] → [N, width], sines in the first half and cosines in the second, of frequencies 10,000^(-i / (width/2 - 1)). Near
/// times look alike, far ones differ, and a dense layer can read off any of them.
/// </summary>
/// <param name="width">Length of the result, even and at least 4.</param>
public sealed partial class TimeEmbedding(int width) : Module
{
    private const double LongestWave = 10_000;

    [Buffer(Persistent = false)]
    private readonly Tensor frequencies = Frequencies(width);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is not one time per sample.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 1) throw new ShapeException($"{Label}: times must be [N], but they are {x.Shape}.");
        var angles = x.Cast(frequencies.DType).Unsqueeze(1) * frequencies;
        return Report(x, Tensor.Concat([angles.Sin(), angles.Cos()], 1));
    }

    private static Tensor Frequencies(int width)
    {
        if (width < 4 || width % 2 != 0) throw new ArgumentException($"TimeEmbedding: width must be even and at least 4, not {width}.", nameof(width));
        int half = width / 2;
        var values = new float[half];
        for (int i = 0; i < half; i++) values[i] = (float)Math.Pow(LongestWave, -(double)i / (half - 1));
        return Tensor.From(values, half);
    }
}
