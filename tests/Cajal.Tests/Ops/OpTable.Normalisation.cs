namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    private const double NormEpsilon = 0.1;

    [OpFamily]
    private static IEnumerable<OpRow> Normalisations()
    {
        yield return new("LayerNorm", x => x[0].LayerNorm([x[0].Dims[^1]], x[1], x[2], NormEpsilon), x => Normalised(x[0], i => i[..^1], centre: true, i => x[1][i[^1]], i => x[2][i[^1]]))
        {
            Samples = [Of([2, 3], [3], [3]), Of([4, 1], [1], [1]), Of([0, 3], [3], [3]), Of([2, 2, 17], [17], [17]), Of([3], [3], [3]), Of([70, 5], [5], [5])], Large = Of([200, 300], [300], [300]),
            Errors =
            [
                new(() => Tensor.Zeros(2, 3).LayerNorm([4]), "LayerNorm: x must end with the axes [4], but it is [2, 3]."),
                new(() => Tensor.Zeros(2, 3).LayerNorm([3], Tensor.Ones(2)), "LayerNorm: the weight must be [3], but it is [2]"),
                new(() => Tensor.Zeros(2, 3).LayerNorm([3], null, Tensor.Ones(2)), "LayerNorm: the bias must be [3], but it is [2]"),
            ],
        };
        yield return new("LayerNorm", x => x[0].LayerNorm([3, 2], epsilon: NormEpsilon), x => Normalised(x[0], i => i[..^2], centre: true)) { Variant = "two-axes, no weights", Samples = [Of([2, 3, 2]), Of([2, 2, 3, 2])] };
        yield return new("LayerNorm", x => x[0].LayerNorm([2], bias: x[1], epsilon: NormEpsilon), x => Normalised(x[0], i => i[..^1], centre: true, null, i => x[1][i[^1]])) { Variant = "bias only", Samples = [Of([3, 2], [2])] };
        yield return new("RmsNorm", x => x[0].RmsNorm([x[0].Dims[^1]], x[1], NormEpsilon), x => Normalised(x[0], i => i[..^1], centre: false, i => x[1][i[^1]]))
        {
            Samples = [Of([2, 3], [3]), Of([4, 1], [1]), Of([0, 3], [3]), Of([2, 2, 17], [17])], Large = Of([200, 300], [300]),
            Errors = [new(() => Tensor.Zeros(2, 3).RmsNorm([2]), "RmsNorm: x must end with the axes [2]")],
        };
        yield return new("GroupNorm", x => x[0].GroupNorm(2, x[1], x[2], NormEpsilon), x => Normalised(x[0], i => [i[0], i[1] / (x[0].Shape[1] / 2)], centre: true, i => x[1][i[1]], i => x[2][i[1]]))
        {
            Samples = [Of([2, 4, 3], [4], [4]), Of([3, 4], [4], [4]), Of([1, 2, 2, 2], [2], [2]), Of([0, 2, 3], [2], [2]), Of([2, 6, 5, 7], [6], [6])], Large = Of([8, 32, 20, 20], [32], [32]),
            Errors = [new(() => Tensor.Zeros(2, 3, 4).GroupNorm(2), "GroupNorm: the 3 channels of x [2, 3, 4] cannot be cut into 2 equal groups"), new(() => Tensor.Zeros(2).GroupNorm(1), "GroupNorm: x must be [N, C, ...], but it is [2]")],
        };
        yield return new("InstanceNorm", x => x[0].InstanceNorm(x[1], x[2], NormEpsilon), x => Normalised(x[0], i => i[..2], centre: true, i => x[1][i[1]], i => x[2][i[1]]))
        {
            Samples = [Of([2, 2, 3], [2], [2]), Of([1, 3, 2, 2], [3], [3]), Of([2, 3, 1], [3], [3]), Of([0, 2, 3], [2], [2])], Large = Of([8, 32, 20, 20], [32], [32]),
            Errors = [new(() => Tensor.Zeros(2, 3).InstanceNorm(), "InstanceNorm: x must be [N, C, ...] with at least one axis after the channels, but it is [2, 3]")],
        };
        foreach (var (size, beta) in new[] { (3, 0.7), (4, 0.75), (1, 0.75) })
        {
            yield return new("LocalResponseNorm", x => x[0].LocalResponseNorm(size, 0.5, beta, 2), x => Dampened(x[0], size, beta))
            {
                Variant = $"{size} channels, power {beta}", Samples = [Of([2, 5, 3]), Of([3, 2]), Of([1, 1, 2, 2]), Of([0, 2, 3]), Of([2, 6, 5, 7])], Large = Of([8, 32, 20, 20]),
                Errors = [new(() => Tensor.Zeros(2).LocalResponseNorm(3), "LocalResponseNorm: x must be [N, C, ...], but it is [2]")],
            };
        }
        yield return new("BatchNorm", x => x[0].BatchNorm(x[1], x[2], NormEpsilon), x => Normalised(x[0], i => [i[1]], centre: true, i => x[1][i[1]], i => x[2][i[1]]))
        {
            Samples = [Of([3, 2], [2], [2]), Of([2, 2, 3], [2], [2]), Of([2, 3, 2, 2], [3], [3]), Of([1, 2, 17], [2], [2]), Of([0, 2, 3], [2], [2])], Large = Of([16, 32, 20, 20], [32], [32]),
            Errors = [new(() => Tensor.Zeros(2).BatchNorm(), "BatchNorm: x must be [N, C] or [N, C, ...], but it is [2]"), new(() => Tensor.Zeros(2, 3).BatchNorm(Tensor.Ones(2)), "BatchNorm: the weight must be [3], but it is [2]")],
        };
        yield return new("NormaliseChannels", x => x[0].NormaliseChannels(x[1], x[2].Square(), x[3], x[4], NormEpsilon), x => RefArray.Build(x[0].Shape, i => (x[0][i] - x[1][i[1]]) / Math.Sqrt(x[2][i[1]] * x[2][i[1]] + NormEpsilon) * x[3][i[1]] + x[4][i[1]]))
        {
            Samples = [Of([3, 2], [2], [2], [2], [2]), Of([2, 2, 3], [2], [2], [2], [2]), Of([0, 2, 3], [2], [2], [2], [2])],
            Errors = [new(() => Tensor.Zeros(2, 3).NormaliseChannels(Tensor.Ones(2), Tensor.Ones(3)), "NormaliseChannels: mean and variance must be [3], but they are [2] and [3]")],
        };
    }

    private static RefArray Dampened(RefArray x, int size, double beta) => RefArray.Build(x.Shape, i =>
    {
        double sum = 0;
        for (int c = Math.Max(0, i[1] - size / 2); c <= Math.Min(x.Shape[1] - 1, i[1] + (size - 1) / 2); c++)
        {
            double value = x[[i[0], c, .. i[2..]]];
            sum += value * value;
        }
        return x[i] / Math.Pow(2 + 0.5 / size * sum, beta);
    });

    /// <summary>Elements with the same <paramref name="key"/> form a row; mean and mean square by definition.</summary>
    private static RefArray Normalised(RefArray x, Func<int[], int[]> key, bool centre, Func<int[], double>? weight = null, Func<int[], double>? bias = null)
    {
        var rows = RefArray.Indices(x.Shape).GroupBy(i => string.Join(',', key(i)));
        var y = RefArray.Zeros(x.Shape);
        foreach (var row in rows)
        {
            double mean = centre ? row.Average(i => x[i]) : 0, variance = row.Average(i => (x[i] - mean) * (x[i] - mean));
            foreach (int[] i in row) y[i] = (x[i] - mean) / Math.Sqrt(variance + NormEpsilon) * (weight?.Invoke(i) ?? 1) + (bias?.Invoke(i) ?? 0);
        }
        return y;
    }
}
