namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    private const bool Ceil = true, Floor = false;

    [OpFamily]
    private static IEnumerable<OpRow> MaxPooling()
    {
        yield return new("MaxPool1d", x => x[0].MaxPool1d(2), x => Max(x[0], Floor, [2], [2], [0], [1]))
        {
            Samples = [Of([1, 2, 6]), Of([2, 1, 5]), Of([1, 1, 2]), Of([0, 2, 4]), Of([1, 3, 67])], Exact = true,
            Errors =
            [
                new(() => Tensor.Zeros(3).MaxPool1d(2), "MaxPool1d: the input must be [N, C, L]", "[3]"),
                new(() => Tensor.Zeros(1, 2, 3).MaxPool1d(4), "MaxPool1d: the kernel is larger than the padded input along axis 2 (length): it covers 4 of 3"),
                new(() => Tensor.Zeros(1, 2, 0).MaxPool1d(1), "MaxPool1d: there is nothing to pool along axis 2"),
            ],
        };
        yield return new("MaxPool1d", x => x[0].MaxPool1d(3, 2, 1, 2, ceilMode: true), x => Max(x[0], Ceil, [3], [2], [1], [2])) { Variant = "all", Samples = [Of([1, 2, 8]), Of([2, 3, 21])], Exact = true };
        yield return new("MaxPool1d", x => x[0].MaxPool1d(2), x => RefArray.Build([1, 3], i => new[] { 3.0, double.NaN, double.PositiveInfinity }[i[1]]))
        {
            Variant = "nan", Exact = true, Differentiable = false,
            Samples = [new(0, new OpInput([1, 6]) { Values = [3, double.NegativeInfinity, double.NaN, 9, 1, double.PositiveInfinity] })],
        };
        yield return new("MaxPool2d", x => x[0].MaxPool2d(2), x => Max(x[0], Floor, [2, 2], [2, 2], [0, 0], [1, 1]))
        {
            Samples = [Of([1, 1, 4, 4]), Of([2, 3, 5, 6]), Of([1, 2, 2, 2]), Of([0, 1, 4, 4]), Of([1, 2, 9, 40])], Large = Of([3, 8, 40, 41]), Exact = true,
            Errors =
            [
                new(() => Tensor.Zeros(1, 2, 4, 4).MaxPool2d(3, padding: 2), "MaxPool2d: padding (2) may be at most half of what the kernel covers (3)"),
                new(() => Tensor.Zeros(1, 2, 4, 4).MaxPool2d((2, 5)), "MaxPool2d", "axis 3 (width): it covers 5 of 4"),
                new(() => Tensor.Zeros(1, 2, 4, 4).MaxPool2d(default), "MaxPool2d: the kernel's lengths are missing"),
            ],
        };
        yield return new("MaxPool2d", x => x[0].MaxPool2d((3, 2), (2, 1), (1, 0), (1, 2)), x => Max(x[0], Floor, [3, 2], [2, 1], [1, 0], [1, 2])) { Variant = "oblong", Samples = [Of([1, 1, 4, 5]), Of([2, 3, 6, 7])], Exact = true };
        yield return new("MaxPool2d", x => x[0].MaxPool2d(3, 2, 1, ceilMode: true), x => Max(x[0], Ceil, [3, 3], [2, 2], [1, 1], [1, 1])) { Variant = "overlap-ceil", Samples = [Of([1, 1, 4, 4]), Of([2, 3, 6, 37])], Large = Of([3, 8, 40, 41]), Exact = true };
        yield return new("MaxPool2d", x => x[0].MaxPool2d(2), x => Single(Max(Batch(x[0]), Floor, [2, 2], [2, 2], [0, 0], [1, 1]))) { Variant = "single-sample", Samples = [Of([2, 4, 4])], Exact = true };
        yield return new("AdaptiveMaxPool1d", x => x[0].AdaptiveMaxPool1d(3), x => ConvReference.Adaptive(x[0], [3], Enumerable.Max))
        {
            Samples = [Of([1, 2, 6]), Of([2, 1, 7]), Of([1, 1, 2]), Of([0, 1, 4])], Exact = true, Errors = [new(() => Tensor.Zeros(1, 2, 5).AdaptiveMaxPool1d(0), "AdaptiveMaxPool1d: the size must be at least 1")],
        };
        yield return new("AdaptiveMaxPool2d", x => x[0].AdaptiveMaxPool2d((3, 2)), x => ConvReference.Adaptive(x[0], [3, 2], Enumerable.Max)) { Samples = [Of([1, 1, 5, 7]), Of([2, 2, 2, 3])], Exact = true };
        yield return new("GlobalMaxPool", x => x[0].GlobalMaxPool(), x => ConvReference.Adaptive(x[0], [1, 1], Enumerable.Max).Reshape(x[0].Shape[..2]))
        {
            Samples = [Of([2, 3, 2, 3]), Of([0, 3, 2, 3]), Of([1, 2, 5, 17])], Exact = true, Errors = [new(() => Tensor.Zeros(2, 3).GlobalMaxPool(), "GlobalMaxPool: the input must be [N, C, ...]", "[2, 3]")],
        };
    }

    [OpFamily]
    private static IEnumerable<OpRow> AveragePooling()
    {
        yield return new("AvgPool1d", x => x[0].AvgPool1d(2), x => Mean(x[0], Floor, [2], [2], [0], true))
        {
            Samples = [Of([1, 2, 6]), Of([2, 1, 5]), Of([1, 1, 2]), Of([0, 2, 4]), Of([1, 3, 67])],
            Errors = [new(() => Tensor.Zeros(1, 2, 3).AvgPool1d(4), "AvgPool1d: the kernel is larger than the padded input along axis 2 (length): it covers 4 of 3")],
        };
        yield return new("AvgPool1d", x => x[0].AvgPool1d(3, 3, 1, ceilMode: true, countIncludePad: false), x => Mean(x[0], Ceil, [3], [3], [1], false)) { Variant = "uncounted", Samples = [Of([1, 2, 6]), Of([2, 3, 21])] };
        yield return new("AvgPool2d", x => x[0].AvgPool2d(2), x => Mean(x[0], Floor, [2, 2], [2, 2], [0, 0], true))
        {
            Samples = [Of([1, 1, 4, 4]), Of([2, 3, 5, 6]), Of([1, 2, 2, 2]), Of([0, 1, 4, 4]), Of([1, 2, 9, 40]), Of([2, 2, 6, 14])], Large = Of([3, 8, 40, 41]),
            Errors =
            [
                new(() => Tensor.Zeros(1, 2, 4, 4).AvgPool2d(2, divisor: 0), "AvgPool2d: the divisor cannot be 0"),
                new(() => Tensor.Zeros(2, 4).AvgPool2d(2), "AvgPool2d: the input must be [N, C, H, W]"),
            ],
        };
        yield return new("AvgPool2d", x => x[0].AvgPool2d((3, 2), (2, 3), 1, ceilMode: true), x => Mean(x[0], Ceil, [3, 2], [2, 3], [1, 1], true)) { Variant = "counted-ceil", Samples = [Of([1, 1, 5, 6]), Of([2, 3, 6, 37])], Large = Of([3, 8, 40, 41]) };
        yield return new("AvgPool2d", x => x[0].AvgPool2d((3, 2), (2, 3), 1, ceilMode: true, countIncludePad: false), x => Mean(x[0], Ceil, [3, 2], [2, 3], [1, 1], false)) { Variant = "uncounted-ceil", Samples = [Of([1, 1, 5, 6]), Of([2, 3, 6, 7])] };
        yield return new("AvgPool2d", x => x[0].AvgPool2d(2, divisor: 3), x => Mean(x[0], Floor, [2, 2], [2, 2], [0, 0], true).Map(v => v * 4 / 3)) { Variant = "divisor", Samples = [Of([1, 1, 4, 4])] };
        yield return new("AvgPool2d", x => x[0].AvgPool2d(2), x => Single(Mean(Batch(x[0]), Floor, [2, 2], [2, 2], [0, 0], true))) { Variant = "single-sample", Samples = [Of([2, 4, 4])] };
        yield return new("AdaptiveAvgPool1d", x => x[0].AdaptiveAvgPool1d(3), x => ConvReference.Adaptive(x[0], [3], Enumerable.Average)) { Samples = [Of([1, 2, 6]), Of([2, 1, 7]), Of([1, 1, 2]), Of([0, 1, 4])] };
        yield return new("AdaptiveAvgPool2d", x => x[0].AdaptiveAvgPool2d((3, 2)), x => ConvReference.Adaptive(x[0], [3, 2], Enumerable.Average))
        {
            Samples = [Of([1, 1, 5, 7]), Of([2, 2, 2, 3])], Errors = [new(() => Tensor.Zeros(2, 4).AdaptiveAvgPool2d(2), "AdaptiveAvgPool2d: the input must be [N, C, H, W]")],
        };
        yield return new("GlobalAvgPool", x => x[0].GlobalAvgPool(), x => ConvReference.Adaptive(x[0], [1, 1], Enumerable.Average).Reshape(x[0].Shape[..2]))
        {
            Samples = [Of([2, 3, 2, 3]), Of([0, 3, 2, 3]), Of([1, 2, 5, 17])], Errors = [new(() => Tensor.Zeros(2, 3).GlobalAvgPool(), "GlobalAvgPool: the input must be [N, C, ...]", "[2, 3]")],
        };
    }

    private static RefArray Max(RefArray x, bool ceil, int[] kernel, int[] stride, int[] padding, int[] dilation) =>
        ConvReference.Pool(x, Windows(x, ceil, kernel, stride, padding, dilation), kernel, stride, padding, dilation, (window, _) => window.Max());

    private static RefArray Mean(RefArray x, bool ceil, int[] kernel, int[] stride, int[] padding, bool countPadding)
    {
        int[] one = [.. kernel.Select(_ => 1)];
        return ConvReference.Pool(x, Windows(x, ceil, kernel, stride, padding, one), kernel, stride, padding, one, (window, at) =>
        {
            // Positions of the window that lie in the padded image, counted one by one.
            double counted = RefArray.Indices(kernel).Count(tap => tap.Select((k, a) => at[a] * stride[a] + k < x.Shape[a + 2] + 2 * padding[a]).All(inside => inside));
            return window.Sum() / (countPadding ? counted : window.Count);
        });
    }

    /// <summary>How many windows start early enough: with ceil, all that begin inside the image or the padding before it; otherwise all that end in time.</summary>
    private static int[] Windows(RefArray x, bool ceil, int[] kernel, int[] stride, int[] padding, int[] dilation) =>
        [.. kernel.Select((k, a) =>
        {
            int length = x.Shape[a + 2], reach = dilation[a] * (k - 1) + 1, count = 0;
            for (int start = -padding[a]; ; start += stride[a], count++)
            {
                bool fits = start + reach <= length + padding[a];
                bool hangsOver = ceil && start < length && start - stride[a] + reach < length + padding[a];
                if (!fits && !hangsOver) return count;
            }
        })];
}
