namespace Cajal;

/// <summary>The largest element of each window: x [N, C, H, W] → [N, C, OH, OW].</summary>
/// <param name="kernel">Side of the window.</param>
/// <param name="stride">Pixels between windows; 0 means the kernel.</param>
/// <param name="padding">Border that never wins.</param>
public sealed partial class MaxPool2d(int kernel, int stride = 0, int padding = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, stride == 0 ? x.MaxPool2d(kernel, padding: padding) : x.MaxPool2d(kernel, stride, padding));
}

/// <summary>The mean of each window: x [N, C, H, W] → [N, C, OH, OW].</summary>
/// <param name="kernel">Side of the window.</param>
/// <param name="stride">Pixels between windows; 0 means the kernel.</param>
/// <param name="padding">Border of zeros, which count.</param>
public sealed partial class AvgPool2d(int kernel, int stride = 0, int padding = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, stride == 0 ? x.AvgPool2d(kernel, padding: padding) : x.AvgPool2d(kernel, stride, padding));
}

/// <summary>Joins all axes but the first: x [N, ...] → [N, ·].</summary>
public sealed partial class Flatten : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Flatten(1));
}
