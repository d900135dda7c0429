using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>The mean of each window: a linear map, whose adjoint spreads each value evenly over its window.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The mean of each window of a sequence: x [N, C, L] (or [C, L]) → [N, C, L'].</summary>
        /// <param name="kernel">Length of a window.</param>
        /// <param name="stride">Distance between windows (the kernel's length).</param>
        /// <param name="padding">Zeros on both sides (none).</param>
        /// <param name="ceilMode">Whether a last window that hangs over the end counts.</param>
        /// <param name="countIncludePad">Whether padding counts in the number that a sum is divided by.</param>
        /// <exception cref="ShapeException">The rank is wrong, or a window does not fit.</exception>
        public Tensor AvgPool1d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true) =>
            AvgPool("AvgPool1d", x, 1, kernel, stride, padding, ceilMode, countIncludePad, null);

        /// <summary>The mean of each window of an image: x [N, C, H, W] (or [C, H, W]) → [N, C, H', W'].</summary>
        /// <param name="kernel">Lengths of a window.</param>
        /// <param name="stride">Distance between windows (the kernel's lengths).</param>
        /// <param name="padding">Zeros on both sides (none).</param>
        /// <param name="ceilMode">Whether a last window that hangs over the end counts.</param>
        /// <param name="countIncludePad">Whether padding counts in the number that a sum is divided by.</param>
        /// <param name="divisor">Divide each sum by this instead of by the number of elements.</param>
        /// <exception cref="ShapeException">The rank is wrong, or a window does not fit.</exception>
        public Tensor AvgPool2d(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true, double? divisor = null) =>
            AvgPool("AvgPool2d", x, 2, kernel, stride, padding, ceilMode, countIncludePad, divisor);

        /// <summary>The mean of each of <paramref name="size"/> nearly equal parts of a sequence: x [N, C, L] (or [C, L]) → [N, C, size].</summary>
        public Tensor AdaptiveAvgPool1d(PerAxis size) => AdaptiveAvgPool("AdaptiveAvgPool1d", x, 1, size);

        /// <summary>The mean of each of nearly equal parts of an image: x [N, C, H, W] (or [C, H, W]) → [N, C, size...].</summary>
        public Tensor AdaptiveAvgPool2d(PerAxis size) => AdaptiveAvgPool("AdaptiveAvgPool2d", x, 2, size);

        /// <summary>The mean of each channel: x [N, C, ...] → [N, C].</summary>
        public Tensor GlobalAvgPool()
        {
            if (x.Rank < 3) throw new ShapeException($"GlobalAvgPool: the input must be [N, C, ...] with at least one spatial axis, but it is {x.Shape}.");
            var y = x.Flatten(2).Mean(2);
            OpTrace.Note("GlobalAvgPool", y, [x]);
            return y;
        }
    }

    private static Tensor AvgPool(string op, Tensor x, int axes, PerAxis kernel, PerAxis stride, PerAxis padding, bool ceilMode, bool countPadding, double? divisor)
    {
        if (x.Rank == axes + 1) return AvgPool(op, x.Unsqueeze(0), axes, kernel, stride, padding, ceilMode, countPadding, divisor).Squeeze(0);
        if (divisor == 0) throw new ArgumentOutOfRangeException(nameof(divisor), $"{op}: the divisor cannot be 0.");
        var (height, width) = SlidingWindows(op, x, axes, kernel, stride, padding, default, ceilMode, countPadding);
        if (divisor is { } value) (height, width) = (height.DividedBy(1), width.DividedBy(value));
        var y = AvgPool(op, x.AsFloating(), height, width);
        if (OpTrace.IsActive) OpTrace.Note("AvgPool", y, [x], SettingsOf(op, axes, kernel, stride, padding, default, ceilMode, countPadding, divisor));
        return y;
    }

    private static Tensor AdaptiveAvgPool(string op, Tensor x, int axes, PerAxis size)
    {
        if (x.Rank == axes + 1) return AdaptiveAvgPool(op, x.Unsqueeze(0), axes, size).Squeeze(0);
        var (height, width) = AdaptiveWindows(op, x, axes, size);
        var y = AvgPool(op, x.AsFloating(), height, width);
        OpTrace.Note("AdaptiveAvgPool", y, [x], (height, width));
        return y;
    }

    private static Tensor AvgPool(string op, Tensor x, PoolWindows height, PoolWindows width) =>
        Tape.Record(op, Backend.Of(x).AveragePool(x, height, width, PoolDims(x, height, width)), x, (H: height, W: width, x.Dims),
            static (g, saved, _) => AvgPoolBackward(g, saved.H, saved.W, saved.Dims));

    private static Tensor AvgPoolBackward(Tensor g, PoolWindows height, PoolWindows width, int[] dims) =>
        Tape.Record("AvgPoolBackward", Backend.Of(g).AveragePoolBackward(g, height, width, dims), g, (H: height, W: width),
            static (u, saved, _) => AvgPool("AvgPool", u, saved.H, saved.W));
}
