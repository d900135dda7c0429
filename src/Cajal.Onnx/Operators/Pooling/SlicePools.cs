namespace Cajal.Onnx;

/// <summary>
/// Pooling over any number of axes, with any borders and dilations. Windows are boxes, so each axis can be pooled after the other, as a combination of shifted slices. Where Cajal's own
/// pooling knows the case, it does the work.
/// </summary>
internal static class SlicePools
{
    internal static Tensor Max(Tensor x, WindowAxis[] axes)
    {
        if (IsPlain(axes)) return axes.Length == 1
            ? x.MaxPool1d(axes[0].Taps, axes[0].Stride, axes[0].Before, axes[0].Dilation)
            : x.MaxPool2d((axes[0].Taps, axes[1].Taps), (axes[0].Stride, axes[1].Stride), (axes[0].Before, axes[1].Before), (axes[0].Dilation, axes[1].Dilation));
        return Combine(x, axes, double.NegativeInfinity, static (a, b) => Tensor.Maximum(a, b));
    }

    internal static Tensor Sum(Tensor x, WindowAxis[] axes) => Combine(x, axes, 0, static (a, b) => a + b);

    internal static Tensor Average(Tensor x, WindowAxis[] axes, bool countBorder)
    {
        if (IsPlain(axes) && axes.All(axis => axis.Dilation == 1)) return axes.Length == 1
            ? x.AvgPool1d(axes[0].Taps, axes[0].Stride, axes[0].Before, countIncludePad: countBorder)
            : x.AvgPool2d((axes[0].Taps, axes[1].Taps), (axes[0].Stride, axes[1].Stride), (axes[0].Before, axes[1].Before), countIncludePad: countBorder);
        var y = Sum(x, axes);
        for (int i = 0; i < axes.Length; i++) y /= Counts(axes[i], countBorder, x.DType).Reshape([axes[i].Count, .. Enumerable.Repeat(1, axes.Length - 1 - i)]);
        return y;
    }

    /// <summary>Whether the border is as Cajal's pooling has it: alike on both sides, at most half a window, nothing hanging over.</summary>
    private static bool IsPlain(WindowAxis[] axes) =>
        axes.Length <= 2 && axes.All(axis => axis.IsSymmetric && axis.Overhang == 0 && 2 * axis.Before <= axis.Reach && axis.Length > 0);

    private static Tensor Combine(Tensor x, WindowAxis[] axes, double border, Func<Tensor, Tensor, Tensor> combine)
    {
        for (int i = 0; i < axes.Length; i++)
        {
            var axis = axes[i];
            var borders = new (int, int)[axes.Length - i];
            borders[0] = (axis.Before, axis.Behind + axis.Overhang);
            var padded = x.Pad(borders, PadMode.Constant, border);
            var y = padded.Narrow(i + 2, 0, axis.Count, axis.Stride);
            for (int tap = 1; tap < axis.Taps; tap++) y = combine(y, padded.Narrow(i + 2, tap * axis.Dilation, axis.Count, axis.Stride));
            x = y;
        }
        return x;
    }

    /// <summary>How many elements of each window count: those inside, or those inside the border too, but never what hangs over.</summary>
    private static Tensor Counts(WindowAxis axis, bool countBorder, DType dtype)
    {
        var counts = new double[axis.Count];
        int first = countBorder ? -axis.Before : 0, last = axis.Length + (countBorder ? axis.Behind : 0);
        for (int window = 0; window < counts.Length; window++)
        {
            for (int tap = 0; tap < axis.Taps; tap++)
            {
                int place = window * axis.Stride + tap * axis.Dilation - axis.Before;
                if (place >= first && place < last) counts[window]++;
            }
        }
        return Tensor.From(counts, counts.Length).Cast(dtype);
    }
}
