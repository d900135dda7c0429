namespace Cajal;

/// <summary>The largest element of each window: x [N, C, L] → [N, C, OL].</summary>
/// <param name="kernel">Length of the window.</param>
/// <param name="stride">Positions between windows; the kernel if not given, or 0.</param>
/// <param name="padding">Border that never wins; none if not given.</param>
/// <param name="dilation">Positions between the elements of a window; 1 if not given.</param>
/// <param name="ceilMode">Whether a window may reach over the far end, so that nothing is left over.</param>
public sealed partial class MaxPool1d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.MaxPool1d(kernel, stride.UnlessZero, padding, dilation, ceilMode));
}

/// <summary>The largest element of each window: x [N, C, H, W] → [N, C, OH, OW].</summary>
/// <param name="kernel">Sides of the window: one for both (<c>2</c>) or height and width (<c>(2, 1)</c>).</param>
/// <param name="stride">Pixels between windows; the kernel if not given, or 0.</param>
/// <param name="padding">Border that never wins; none if not given.</param>
/// <param name="dilation">Pixels between the elements of a window; 1 if not given.</param>
/// <param name="ceilMode">Whether a window may reach over the far end, so that nothing is left over.</param>
public sealed partial class MaxPool2d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.MaxPool2d(kernel, stride.UnlessZero, padding, dilation, ceilMode));
}

/// <summary>The mean of each window: x [N, C, L] → [N, C, OL].</summary>
/// <param name="kernel">Length of the window.</param>
/// <param name="stride">Positions between windows; the kernel if not given, or 0.</param>
/// <param name="padding">Border of zeros; none if not given.</param>
/// <param name="ceilMode">Whether a window may reach over the far end, so that nothing is left over.</param>
/// <param name="countIncludePad">Whether zeros of the border count in the mean.</param>
public sealed partial class AvgPool1d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.AvgPool1d(kernel, stride.UnlessZero, padding, ceilMode, countIncludePad));
}

/// <summary>The mean of each window: x [N, C, H, W] → [N, C, OH, OW].</summary>
/// <param name="kernel">Sides of the window: one for both (<c>2</c>) or height and width (<c>(2, 1)</c>).</param>
/// <param name="stride">Pixels between windows; the kernel if not given, or 0.</param>
/// <param name="padding">Border of zeros; none if not given.</param>
/// <param name="ceilMode">Whether a window may reach over the far end, so that nothing is left over.</param>
/// <param name="countIncludePad">Whether zeros of the border count in the mean.</param>
public sealed partial class AvgPool2d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.AvgPool2d(kernel, stride.UnlessZero, padding, ceilMode, countIncludePad));
}

/// <summary>Means of as many windows as asked for: x [N, C, L] → [N, C, size].</summary>
/// <param name="size">Outputs per channel.</param>
public sealed partial class AdaptiveAvgPool1d(int size) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.AdaptiveAvgPool1d(size));
}

/// <summary>Means of as many windows as asked for: x [N, C, H, W] → [N, C, size, size].</summary>
/// <param name="size">Outputs along each side: one for both, or height and width.</param>
public sealed partial class AdaptiveAvgPool2d(PerAxis size) : Module
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
/// <param name="size">Outputs along each side: one for both, or height and width.</param>
public sealed partial class AdaptiveMaxPool2d(PerAxis size) : Module
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

/// <summary>Joins axes, by default all but the first: x [N, ...] → [N, ·].</summary>
/// <param name="first">The first axis joined.</param>
/// <param name="last">The last axis joined.</param>
public sealed partial class Flatten(int first = 1, int last = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Flatten(first, last));
}

/// <summary>Cuts the last axis into several: x [B..., ∏ shape] → [B..., shape].</summary>
/// <param name="shape">The new last axes.</param>
public sealed partial class Unflatten(int[] shape) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Reshape([.. x.Dims[..^1], .. shape]));
}
