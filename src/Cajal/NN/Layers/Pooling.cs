namespace Cajal;

/// <summary>The largest element of each window: x [N, C, L] → [N, C, OL].</summary>
/// <param name="kernel">Length of the window.</param>
/// <param name="stride">Positions between windows; 0 means the kernel.</param>
/// <param name="padding">Border that never wins.</param>
public sealed partial class MaxPool1d(int kernel, int stride = 0, int padding = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, stride == 0 ? x.MaxPool1d(kernel, padding: padding) : x.MaxPool1d(kernel, stride, padding));
}

/// <summary>The largest element of each window: x [N, C, H, W] → [N, C, OH, OW].</summary>
/// <param name="kernel">Side of the window.</param>
/// <param name="stride">Pixels between windows; 0 means the kernel.</param>
/// <param name="padding">Border that never wins.</param>
public sealed partial class MaxPool2d(int kernel, int stride = 0, int padding = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, stride == 0 ? x.MaxPool2d(kernel, padding: padding) : x.MaxPool2d(kernel, stride, padding));
}

/// <summary>The mean of each window: x [N, C, L] → [N, C, OL].</summary>
/// <param name="kernel">Length of the window.</param>
/// <param name="stride">Positions between windows; 0 means the kernel.</param>
/// <param name="padding">Border of zeros, which count.</param>
public sealed partial class AvgPool1d(int kernel, int stride = 0, int padding = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, stride == 0 ? x.AvgPool1d(kernel, padding: padding) : x.AvgPool1d(kernel, stride, padding));
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

/// <summary>Means of as many windows as asked for: x [N, C, L] → [N, C, size].</summary>
/// <param name="size">Outputs per channel.</param>
public sealed partial class AdaptiveAvgPool1d(int size) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.AdaptiveAvgPool1d(size));
}

/// <summary>Means of as many windows as asked for: x [N, C, H, W] → [N, C, size, size].</summary>
/// <param name="size">Outputs along each side.</param>
public sealed partial class AdaptiveAvgPool2d(int size) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.AdaptiveAvgPool2d(size));
}

/// <summary>The largest elements of as many windows as asked for: x [N, C, L] → [N, C, size].</summary>
/// <param name="size">Outputs per channel.</param>
public sealed partial class AdaptiveMaxPool1d(int size) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.AdaptiveMaxPool1d(size));
}

/// <summary>The largest elements of as many windows as asked for: x [N, C, H, W] → [N, C, size, size].</summary>
/// <param name="size">Outputs along each side.</param>
public sealed partial class AdaptiveMaxPool2d(int size) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.AdaptiveMaxPool2d(size));
}

/// <summary>The mean of each channel: x [N, C, ...] → [N, C].</summary>
public sealed partial class GlobalAvgPool : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.GlobalAvgPool());
}

/// <summary>The largest element of each channel: x [N, C, ...] → [N, C].</summary>
public sealed partial class GlobalMaxPool : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.GlobalMaxPool());
}

/// <summary>Joins all axes but the first: x [N, ...] → [N, ·].</summary>
public sealed partial class Flatten : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Flatten(1));
}

/// <summary>Cuts the last axis into several: x [B..., ∏ shape] → [B..., shape].</summary>
/// <param name="shape">The new last axes.</param>
public sealed partial class Unflatten(int[] shape) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Reshape([.. x.Dims[..^1], .. shape]));
}
