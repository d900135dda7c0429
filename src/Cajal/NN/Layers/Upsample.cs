namespace Cajal;

/// <summary>Makes images or signals larger (or smaller) by a factor: x [N, C, ...] → [N, C, ⌊factor · length⌋, ...].</summary>
/// <param name="factor">Of every spatial axis.</param>
/// <param name="mode">How values in between are found.</param>
/// <param name="alignCorners">First and last inputs fall on first and last outputs. Not for the nearest modes.</param>
public sealed partial class Upsample(double factor, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.InterpolateBy(factor, mode, alignCorners));
}
