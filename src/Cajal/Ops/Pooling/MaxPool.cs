using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// The largest element of each window. Its place is remembered: the gradient goes there and nowhere else (to the first of equals), so the backward pass is
/// a scatter, whose own gradient is the matching gather.
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The largest element of each window of a sequence: x [N, C, L] (or [C, L]) → [N, C, L']. NaN wins over everything.</summary>
        /// <param name="kernel">Length of a window.</param>
        /// <param name="stride">Distance between windows (the kernel's length).</param>
        /// <param name="padding">Positions on both sides that count as -∞ (none).</param>
        /// <param name="dilation">Distance between neighbours in a window (1).</param>
        /// <param name="ceilMode">Whether a last window that hangs over the end counts.</param>
        /// <exception cref="ShapeException">The rank is wrong, or a window does not fit.</exception>
        public Tensor MaxPool1d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
            MaxPool("MaxPool1d", x, 1, kernel, stride, padding, dilation, ceilMode);

        /// <summary>The largest element of each window of an image: x [N, C, H, W] (or [C, H, W]) → [N, C, H', W']. NaN wins over everything.</summary>
        /// <inheritdoc cref="MaxPool1d"/>
        public Tensor MaxPool2d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
            MaxPool("MaxPool2d", x, 2, kernel, stride, padding, dilation, ceilMode);

        /// <summary>The largest element of each of <paramref name="size"/> nearly equal parts of a sequence: x [N, C, L] (or [C, L]) → [N, C, size].</summary>
        public Tensor AdaptiveMaxPool1d(PerAxis size) => AdaptiveMaxPool("AdaptiveMaxPool1d", x, 1, size);

        /// <summary>The largest element of each of nearly equal parts of an image: x [N, C, H, W] (or [C, H, W]) → [N, C, size...].</summary>
        public Tensor AdaptiveMaxPool2d(PerAxis size) => AdaptiveMaxPool("AdaptiveMaxPool2d", x, 2, size);

        /// <summary>The largest element of each channel: x [N, C, ...] → [N, C].</summary>
        public Tensor GlobalMaxPool()
        {
            if (x.Rank < 3) throw new ShapeException($"GlobalMaxPool: the input must be [N, C, ...] with at least one spatial axis, but it is {x.Shape}.");
            return x.Flatten(2).AdaptiveMaxPool1d(1).Squeeze(2);
        }
    }

    private static Tensor MaxPool(string op, Tensor x, int axes, PerAxis kernel, PerAxis stride, PerAxis padding, PerAxis dilation, bool ceilMode)
    {
        if (x.Rank == axes + 1) return MaxPool(op, x.Unsqueeze(0), axes, kernel, stride, padding, dilation, ceilMode).Squeeze(0);
        var y = MaxPool(op, x, SlidingWindows(op, x, axes, kernel, stride, padding, dilation, ceilMode, countPadding: false));
        if (OpTrace.IsActive) OpTrace.Note("MaxPool", y, [x], SettingsOf(op, axes, kernel, stride, padding, dilation, ceilMode, countPadding: false));
        return y;
    }

    private static Tensor AdaptiveMaxPool(string op, Tensor x, int axes, PerAxis size)
    {
        if (x.Rank == axes + 1) return AdaptiveMaxPool(op, x.Unsqueeze(0), axes, size).Squeeze(0);
        var windows = AdaptiveWindows(op, x, axes, size);
        var y = MaxPool(op, x, windows);
        OpTrace.Note("AdaptiveMaxPool", y, [x], windows);
        return y;
    }

    private static Tensor MaxPool(string op, Tensor x, (PoolWindows Height, PoolWindows Width) windows)
    {
        x = x.AsFloating();
        var (y, places) = Backend.Of(x).MaxPool(x, windows.Height, windows.Width, PoolDims(x, windows.Height, windows.Width));
        return Tape.Record(op, y, x, (Places: places, x.Dims), static (g, saved, _) => PoolScatter(g, saved.Places, saved.Dims));
    }

    private static Tensor PoolScatter(Tensor g, Tensor places, int[] dims) =>
        Tape.Record("MaxPoolScatter", Backend.Of(g).PoolScatter(g, places, dims), g, places, static (u, places, _) => PoolGather(u, places));

    private static Tensor PoolGather(Tensor x, Tensor places) =>
        Tape.Record("MaxPoolGather", Backend.Of(x).PoolGather(x, places), x, (Places: places, x.Dims), static (g, saved, _) => PoolScatter(g, saved.Places, saved.Dims));
}
