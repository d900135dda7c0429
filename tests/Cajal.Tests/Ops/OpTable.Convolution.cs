namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Convolutions()
    {
        yield return ConvRow("", 1, [1], [0], [1], 1,
            Of([2, 3, 6], [2, 3, 3], [2]), Of([1, 2, 5], [3, 2, 2], [3]), Of([1, 1, 3], [1, 1, 3], [1]), Of([0, 2, 5], [3, 2, 2], [3]), Of([1, 1, 1], [1, 1, 1], [1]), Of([1, 2, 300], [3, 2, 5], [3])) with
        {
            Large = Of([2, 3, 9_001], [5, 3, 7], [5]), Errors = Conv1dErrors(),
        };
        yield return ConvRow("stride-padding-dilation-groups", 1, [3], [2], [2], 2, Of([2, 4, 9], [4, 2, 3], [4]), Of([1, 2, 5], [2, 1, 2], [2]), Of([1, 2, 40], [6, 1, 4], [6]));
        yield return ConvRow("padding-over-kernel", 1, [1], [3], [1], 1, Of([1, 1, 3], [2, 1, 2], [2]));
        yield return ConvRow("", 2, [1, 1], [0, 0], [1, 1], 1,
            Of([1, 2, 3, 4], [1, 2, 2, 2], [1]), Of([2, 3, 6, 5], [4, 3, 3, 2], [4]), Of([1, 1, 3, 3], [1, 1, 3, 3], [1]), Of([1, 5, 9, 19], [13, 5, 3, 3], [13]),
            Of([2, 1, 17, 18], [3, 1, 5, 5], [3]), Of([0, 2, 4, 4], [3, 2, 2, 2], [3]), Of([2, 2, 4, 4], [0, 2, 2, 2], [0]), Of([1, 40, 5, 6], [3, 40, 3, 3], [3]), Of([1, 1, 2, 2], [2, 1, 2, 2], [2])) with
        {
            Large = Of([3, 5, 40, 41], [17, 5, 3, 3], [17]), Errors = Conv2dErrors(),
        };
        yield return ConvRow("pointwise", 2, [1, 1], [0, 0], [1, 1], 1, Of([2, 3, 2, 2], [2, 3, 1, 1], [2]), Of([1, 3, 1, 1], [4, 3, 1, 1], [4]), Of([2, 17, 5, 3], [9, 17, 1, 1], [9])) with
        {
            Large = Of([4, 40, 20, 21], [33, 40, 1, 1], [33]),
        };
        yield return ConvRow("pointwise-groups", 2, [1, 1], [0, 0], [1, 1], 2, Of([2, 4, 2, 2], [2, 2, 1, 1], [2]), Of([1, 2, 1, 3], [4, 1, 1, 1], [4]));
        yield return ConvRow("kernel-1-stride-2", 2, [2, 2], [0, 0], [1, 1], 1, Of([1, 2, 3, 4], [2, 2, 1, 1], [2]), Of([2, 3, 8, 7], [5, 3, 1, 1], [5]));
        yield return ConvRow("covering", 2, [1, 2], [0, 0], [1, 1], 1, Of([2, 2, 2, 3], [3, 2, 2, 3], [3]), Of([1, 1, 3, 1], [1, 1, 3, 1], [1]), Of([0, 2, 3, 3], [2, 2, 3, 3], [2]), Of([19, 5, 3, 3], [33, 5, 3, 3], [33])) with
        {
            Large = Of([40, 16, 7, 7], [33, 16, 7, 7], [33]),
        };
        yield return ConvRow("padding", 2, [1, 1], [1, 1], [1, 1], 1, Of([1, 1, 3, 3], [1, 1, 3, 3], [1]), Of([2, 2, 1, 2], [1, 2, 2, 2], [1]), Of([1, 13, 14, 14], [12, 13, 3, 3], [12])) with
        {
            Large = Of([4, 8, 28, 28], [24, 8, 3, 3], [24]),
        };
        yield return ConvRow("stride", 2, [2, 3], [2, 1], [1, 1], 1, Of([1, 1, 2, 3], [1, 1, 3, 2], [1]), Of([1, 1, 4, 5], [2, 1, 3, 2], [2]), Of([2, 3, 11, 12], [4, 3, 5, 4], [4])) with
        {
            Large = Of([2, 3, 60, 62], [16, 3, 11, 11], [16]),
        };
        yield return ConvRow("dilation", 2, [1, 2], [2, 0], [3, 2], 1, Of([1, 1, 2, 3], [1, 1, 2, 2], [1]), Of([1, 1, 5, 5], [1, 1, 2, 3], [1]), Of([2, 2, 9, 12], [3, 2, 3, 3], [3]));
        yield return ConvRow("groups", 2, [2, 1], [1, 1], [1, 1], 3, Of([1, 3, 1, 2], [3, 1, 2, 1], [3]), Of([1, 3, 3, 2], [3, 1, 2, 2], [3]), Of([2, 6, 7, 8], [9, 2, 3, 3], [9]), Of([1, 3, 3, 3], [6, 1, 2, 2], [6])) with
        {
            Large = Of([3, 12, 30, 31], [24, 4, 3, 3], [24]),
        };
        yield return ConvRow("depthwise", 2, [1, 1], [1, 1], [1, 1], 4, Of([1, 4, 1, 2], [4, 1, 1, 1], [4]), Of([1, 4, 2, 2], [4, 1, 2, 2], [4]), Of([2, 4, 13, 17], [4, 1, 3, 3], [4]), Of([2, 4, 3, 64], [4, 1, 3, 5], [4])) with
        {
            Large = Of([3, 4, 40, 51], [4, 1, 3, 3], [4]),
        };
        yield return ConvRow("depthwise-stride", 2, [2, 3], [1, 2], [2, 1], 4, Of([1, 4, 1, 1], [4, 1, 1, 2], [4]), Of([1, 4, 2, 2], [4, 1, 2, 2], [4]), Of([2, 4, 13, 40], [4, 1, 3, 3], [4]));
        yield return new("Conv2d", x => x[0].Conv2d(x[1], null, padding: ConvPadding.Same, dilation: (1, 2)), x => ConvReference.Conv(x[0], x[1], null, [1, 1], [1, 1], [2, 1], [1, 2], 1))
        {
            Variant = "same", Samples = [Of([1, 1, 3, 3], [1, 1, 4, 2]), Of([2, 3, 5, 6], [4, 3, 4, 2])],
        };
        yield return new("Conv2d", x => x[0].Conv2d(x[1], x[2], stride: 2, padding: (1, 0)), x => Single(ConvReference.Conv(Batch(x[0]), x[1], x[2], [2, 2], [1, 0], [1, 0], [1, 1], 1)))
        {
            Variant = "single-sample", Samples = [Of([2, 3, 4], [1, 2, 2, 2], [1])],
        };
        yield return ConvRow("", 3, [1, 1, 1], [0, 0, 0], [1, 1, 1], 1, Of([1, 1, 2, 2, 1], [1, 1, 2, 2, 1], [1]), Of([1, 1, 2, 3, 2], [1, 1, 2, 2, 2], [1]), Of([2, 3, 4, 5, 4], [4, 3, 2, 3, 2], [4]), Of([0, 1, 2, 2, 2], [1, 1, 2, 2, 2], [1])) with
        {
            Large = Of([2, 4, 9, 18, 19], [8, 4, 3, 3, 3], [8]),
            Errors =
            [
                new(() => Tensor.Zeros(1, 2, 3, 3).Conv3d(Tensor.Zeros(1, 2, 3, 3)), "Conv3d", "weight must be [O, C / groups, D, H, W]"),
                new(() => Tensor.Zeros(1, 1, 2, 9, 9).Conv3d(Tensor.Zeros(1, 1, 3, 3, 3)), "Conv3d", "axis 2 (depth)", "covers 3 of 2"),
            ],
        };
        yield return ConvRow("all-at-once", 3, [2, 1, 3], [1, 0, 2], [1, 2, 1], 2, Of([1, 2, 2, 2, 2], [2, 1, 2, 1, 2], [2]), Of([1, 2, 1, 2, 1], [2, 1, 1, 1, 2], [2]), Of([2, 4, 5, 6, 7], [6, 2, 2, 2, 3], [6]));
    }

    [OpFamily]
    private static IEnumerable<OpRow> TransposedConvolutions()
    {
        yield return TransposeRow("", 1, [1], [0], [0], [1], 1, Of([1, 2, 2], [2, 1, 2], [1]), Of([1, 2, 4], [2, 3, 3], [3]), Of([2, 1, 1], [1, 1, 1], [1]), Of([0, 2, 4], [2, 3, 3], [3])) with
        {
            Large = Of([2, 3, 9_001], [3, 5, 7], [5]),
            Errors =
            [
                new(() => Tensor.Zeros(1, 2, 5).ConvTranspose1d(Tensor.Zeros(3, 2, 3)), "ConvTranspose1d: input axis 1 (2 channels) must equal weight axis 0 (3)", "[C, O / groups, L]"),
                new(() => Tensor.Zeros(1, 2, 5).ConvTranspose1d(Tensor.Zeros(2, 2, 3), outputPadding: 1), "ConvTranspose1d: outputPadding (1) must be smaller than the stride (1)"),
                new(() => Tensor.Zeros(1, 2, 1).ConvTranspose1d(Tensor.Zeros(2, 2, 2), padding: 1), "ConvTranspose1d: axis 2 (length) of the result would have length 0"),
            ],
        };
        yield return TransposeRow("all-at-once", 1, [3], [2], [2], [2], 2, Of([1, 2, 2], [2, 1, 2], [2]), Of([2, 2, 4], [2, 2, 3], [4]), Of([1, 4, 9], [4, 1, 5], [2]));
        yield return TransposeRow("", 2, [1, 1], [0, 0], [0, 0], [1, 1], 1, Of([1, 1, 2, 2], [1, 1, 2, 2], [1]), Of([1, 1, 2, 3], [1, 2, 2, 2], [2]), Of([2, 3, 5, 4], [3, 4, 3, 2], [4]), Of([1, 13, 6, 9], [13, 17, 3, 3], [17])) with
        {
            Large = Of([3, 8, 30, 31], [8, 12, 3, 3], [12]),
            Errors =
            [
                new(() => Tensor.Zeros(2, 2, 3, 3).ConvTranspose2d(Tensor.Zeros(2, 1, 2, 2), groups: 3), "ConvTranspose2d", "2 channels) must be a multiple of groups (3)"),
                new(() => Tensor.Zeros(2, 2, 3, 3).ConvTranspose2d(Tensor.Zeros(2, 1, 2, 2), Tensor.Zeros(2)), "ConvTranspose2d: the bias must be [1]", "[2]"),
            ],
        };
        yield return TransposeRow("from-one-position", 2, [1, 2], [0, 0], [0, 0], [1, 1], 1, Of([2, 3, 1, 1], [3, 2, 2, 3], [2]), Of([1, 1, 1, 1], [1, 1, 3, 1], [1]), Of([19, 33, 1, 1], [33, 5, 3, 3], [5])) with
        {
            Large = Of([40, 64, 1, 1], [64, 16, 7, 7], [16]),
        };
        yield return TransposeRow("doubling", 2, [2, 2], [1, 1], [0, 0], [1, 1], 1, Of([1, 1, 1, 1], [1, 1, 4, 4], [1]), Of([1, 1, 2, 1], [1, 1, 4, 4], [1]), Of([2, 3, 5, 4], [3, 4, 4, 4], [4])) with { Large = Of([3, 8, 20, 21], [8, 12, 4, 4], [12]) };
        yield return TransposeRow("kernel-below-stride", 2, [3, 2], [0, 0], [2, 1], [1, 1], 1, Of([1, 1, 2, 2], [1, 1, 1, 1], [1]), Of([2, 2, 3, 4], [2, 3, 2, 1], [3]));
        yield return TransposeRow("all-at-once", 2, [2, 3], [1, 2], [1, 2], [2, 1], 2, Of([1, 2, 1, 2], [2, 1, 2, 1], [2]), Of([1, 2, 2, 2], [2, 1, 2, 3], [2]), Of([2, 4, 4, 5], [4, 3, 3, 2], [6]));
        yield return new("ConvTranspose2d", x => x[0].ConvTranspose2d(x[1], null, 2), x => Single(ConvReference.Transpose(Batch(x[0]), x[1], null, [2, 2], [0, 0], [0, 0], [1, 1], 1)))
        {
            Variant = "single-sample", Samples = [Of([2, 3, 2], [2, 1, 2, 2])],
        };
        yield return TransposeRow("", 3, [2, 1, 2], [1, 0, 0], [1, 0, 1], [1, 2, 1], 1, Of([1, 1, 2, 2, 2], [1, 1, 2, 2, 2], [1]), Of([2, 2, 3, 4, 3], [2, 3, 3, 2, 2], [3]));
    }

    [OpFamily]
    private static IEnumerable<OpRow> Patches()
    {
        yield return new("Unfold", x => x[0].Unfold((2, 3), (1, 2), (1, 0), (2, 1)), x => Columns(x[0], [2, 3], [1, 2], [1, 0], [2, 1]))
        {
            Samples = [Of([1, 1, 3, 4]), Of([2, 3, 6, 5]), Of([0, 2, 4, 4])], Large = Of([2, 3, 60, 61]),
            Errors =
            [
                new(() => Tensor.Zeros(3, 4, 4).Unfold(2), "Unfold: the input must be [N, C, H, W]", "[3, 4, 4]"),
                new(() => Tensor.Zeros(1, 1, 4, 4).Unfold(5), "Unfold: the kernel covers 5 along the height"),
                new(() => Tensor.Zeros(1, 1, 4, 4).Unfold((1, 2, 3)), "Unfold: kernel (1, 2, 3) names 3 axes, but there are 2 spatial axes"),
            ],
        };
        yield return new("Fold", x => x[0].Fold((2, 5), (2, 3), (1, 2), (1, 0), (2, 1)), x =>
        {
            // The adjoint, from the columns of each unit image.
            int channels = x[0].Shape[1] / 6;
            return RefArray.Build([x[0].Shape[0], channels, 2, 5], index =>
            {
                var unit = RefArray.Zeros(1, channels, 2, 5);
                unit[0, index[1], index[2], index[3]] = 1;
                var columns = Columns(unit, [2, 3], [1, 2], [1, 0], [2, 1]);
                return RefArray.Indices(columns.Shape).Sum(i => columns[i] * x[0][index[0], i[1], i[2]]);
            });
        })
        {
            Samples = [Of([1, 6, 4]), Of([2, 12, 4]), Of([0, 6, 4])],
            Errors =
            [
                new(() => Tensor.Zeros(1, 7, 4).Fold((3, 3), 2), "Fold: axis 1 (7) must be a multiple of the kernel's 2 x 2 taps"),
                new(() => Tensor.Zeros(1, 8, 5).Fold((3, 3), 2), "Fold: axis 2 (5 patches) must be 2 x 2 = 4"),
                new(() => Tensor.Zeros(8, 5).Fold((3, 3), 2), "Fold: the input must be"),
            ],
        };
    }

    private static OpRow ConvRow(string variant, int axes, int[] stride, int[] padding, int[] dilation, int groups, params OpSample[] samples)
    {
        PerAxis s = PerAxis.From(stride), p = PerAxis.From(padding), d = PerAxis.From(dilation);
        Func<Tensor[], Tensor> apply = axes switch
        {
            1 => x => x[0].Conv1d(x[1], x[2], s, p, d, groups),
            2 => x => x[0].Conv2d(x[1], x[2], s, p, d, groups),
            _ => x => x[0].Conv3d(x[1], x[2], s, p, d, groups),
        };
        return new($"Conv{axes}d", apply, x => ConvReference.Conv(x[0], x[1], x[2], stride, padding, padding, dilation, groups)) { Variant = variant, Samples = samples };
    }

    private static OpRow TransposeRow(string variant, int axes, int[] stride, int[] padding, int[] extra, int[] dilation, int groups, params OpSample[] samples)
    {
        PerAxis s = PerAxis.From(stride), p = PerAxis.From(padding), e = PerAxis.From(extra), d = PerAxis.From(dilation);
        Func<Tensor[], Tensor> apply = axes switch
        {
            1 => x => x[0].ConvTranspose1d(x[1], x[2], s, p, e, d, groups),
            2 => x => x[0].ConvTranspose2d(x[1], x[2], s, p, e, d, groups),
            _ => x => x[0].ConvTranspose3d(x[1], x[2], s, p, e, d, groups),
        };
        return new($"ConvTranspose{axes}d", apply, x => ConvReference.Transpose(x[0], x[1], x[2], stride, padding, extra, dilation, groups)) { Variant = variant, Samples = samples };
    }

    /// <summary>[N, C, H, W] → [N, C · taps, positions]: the convolutions with each filter that is 1 at one tap of one channel.</summary>
    private static RefArray Columns(RefArray x, int[] kernel, int[] stride, int[] padding, int[] dilation)
    {
        int channels = x.Shape[1], taps = kernel[0] * kernel[1];
        var pick = RefArray.Build([channels * taps, channels, .. kernel], i => i[0] == (i[1] * kernel[0] + i[2]) * kernel[1] + i[3] ? 1 : 0);
        var y = ConvReference.Conv(x, pick, null, stride, padding, padding, dilation, 1);
        return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[2] * y.Shape[3]);
    }

    private static RefArray Batch(RefArray x) => x.Reshape([1, .. x.Shape]);

    private static RefArray Single(RefArray y) => y.Reshape(y.Shape[1..]);

    private static OpError[] Conv1dErrors() =>
    [
        new(() => Tensor.Zeros(2, 3, 5).Conv1d(Tensor.Zeros(4, 2, 3)), "Conv1d: input axis 1 (3 channels) must equal weight axis 1 (2) times groups (1)", "input [2, 3, 5], weight [4, 2, 3]"),
        new(() => Tensor.Zeros(5).Conv1d(Tensor.Zeros(4, 2, 3)), "Conv1d: the input must be [N, C, L]", "[5]"),
        new(() => Tensor.Zeros(2, 3, 5).Conv1d(Tensor.Zeros(4, 3, 3), stride: (1, 2)), "Conv1d: stride (1, 2) names 2 axes, but there is 1 spatial axis"),
    ];

    private static OpError[] Conv2dErrors() =>
    [
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3, 5)), "Conv2d: the kernel is larger than the padded input along axis 3 (width): it covers 5 of 4 (4 and padding 0 + 0)"),
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3, 3), dilation: 2), "axis 2 (height)", "covers 5 (length 3, dilation 2) of 4"),
        new(() => Tensor.Zeros(1, 4, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3, 3), groups: 2), "Conv2d: weight axis 0 (3 output channels) must be a multiple of groups (2)"),
        new(() => Tensor.Zeros(1, 4, 4, 4).Conv2d(Tensor.Zeros(4, 4, 3, 3), groups: 0), "Conv2d: groups must be at least 1, not 0"),
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3, 3), Tensor.Zeros(2)), "Conv2d: the bias must be [3]", "[2]"),
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3)), "Conv2d: the weight must be [O, C / groups, H, W], but it is [3, 2, 3]"),
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 0, 3)), "Conv2d: the kernel is empty along axis 2 (height)"),
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3, 3), stride: 0), "Conv2d: stride must be at least 1, not 0"),
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3, 3), padding: (0, -1)), "Conv2d: padding must be at least 0, not (0, -1)"),
        new(() => Tensor.Zeros(1, 2, 4, 4).Conv2d(Tensor.Zeros(3, 2, 3, 3), stride: 2, padding: ConvPadding.Same), "Conv2d: ConvPadding.Same keeps lengths, so it needs stride 1, not 2"),
    ];
}
