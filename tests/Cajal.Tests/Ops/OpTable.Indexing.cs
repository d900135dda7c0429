namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Indexing()
    {
        yield return new("IndexSelect", x => x[0].IndexSelect(1, x[1]), x => RefArray.Build([x[0].Shape[0], x[1].Shape[0], x[0].Shape[2]], i => x[0][i[0], At(x[1][i[1]], x[0].Shape[1]), i[2]]))
        {
            Exact = true, Samples = [With(Real(2, 3, 2), Whole(-3, 3, 4)), With(Real(1, 1, 1), Whole(-1, 1, 3)), With(Real(2, 3, 2), Whole(0, 1, 0)), With(Real(3, 5, 17), Whole(-5, 5, 9))],
            Large = With(Real(7, 90, 65), Whole(-90, 90, 200)),
            Errors =
            [
                new(() => Tensor.Zeros(2, 3).IndexSelect(1, [0, 3]), "IndexSelect: index 3 is outside axis 1 of [2, 3], whose length is 3; indices run from -3 to 2."),
                new(() => Tensor.Zeros(2, 3).IndexSelect(0, [-3]), "index -3 is outside axis 0"), new(() => Tensor.Zeros(2, 0).IndexSelect(1, [0]), "it has no positions"),
                new(() => Tensor.Zeros(2, 3).IndexSelect(0, Tensor.Zeros(2)), "must be Int64 or Int32, not Float32"),
            ],
        };
        yield return new("IndexSelect", x => x[0].IndexSelect(0, x[1].Cast(DType.Int32)), x => RefArray.Build([.. x[1].Shape, x[0].Shape[1]], i => x[0][At(x[1][i[..^1]], x[0].Shape[0]), i[^1]]))
        {
            Variant = "matrix of Int32", Exact = true, Samples = [With(Real(4, 3), Whole(-4, 4, 2, 3)), With(Real(4, 3), Whole(-4, 4)), With(Real(4, 1), Whole(-4, 4, 3, 2, 1))],
        };
        yield return new("IndexAdd", x => x[0].IndexAdd(1, x[1], x[2]), x => Sent(x[0], x[1], x[2], (i, j) => [i[0], j, i[2]], i => x[1][i[1]], 1, (old, s) => old + s))
        {
            Samples = [With(Real(2, 3, 2), Whole(-3, 3, 4), Real(2, 4, 2)), With(Real(2, 3, 2), Whole(0, 1, 0), Real(2, 0, 2)), With(Real(1, 2, 1), Whole(-2, 2, 3), Real(1, 3, 1)), With(Real(2, 5, 33), Whole(-5, 5, 9), Real(2, 9, 33))],
            Large = With(Real(3, 40, 130), Whole(-40, 40, 300), Real(3, 300, 130)),
            Errors = [new(() => Tensor.Zeros(2, 3).IndexAdd(1, [0, 1], Tensor.Zeros(2, 3)), "IndexAdd", "the source must be [2, 2], not [2, 3]"), new(() => Tensor.Zeros(2, 3).IndexAdd(0, [2], Tensor.Zeros(1, 3)), "index 2 is outside axis 0")],
        };
        yield return new("Gather", x => x[0].Gather(1, x[1]), x => RefArray.Build(x[1].Shape, i => x[0][i[0], At(x[1][i], x[0].Shape[1]), i[2]]))
        {
            Exact = true, Samples = [With(Real(2, 3, 2), Whole(-3, 3, 2, 4, 2)), With(Real(3, 3, 2), Whole(-3, 3, 2, 2, 1)), With(Real(2, 3, 2), Whole(0, 1, 2, 0, 2)), With(Real(3, 5, 17), Whole(-5, 5, 3, 7, 17))],
            Large = With(Real(5, 60, 70), Whole(-60, 60, 5, 100, 70)),
            Errors =
            [
                new(() => Tensor.Zeros(2, 3).Gather(1, Tensor.Full([2, 2], 3, DType.Int64)), "Gather: index 3 is outside axis 1 of [2, 3], whose length is 3"),
                new(() => Tensor.Zeros(2, 3).Gather(1, Tensor.Zeros([3, 2], DType.Int64)), "Gather", "indices [3, 2], x [2, 3]"), new(() => Tensor.Zeros(2, 3).Gather(1, Tensor.Arange(2)), "rank of x"),
            ],
        };
        yield return new("ScatterAdd", x => x[0].ScatterAdd(1, x[1], x[2]), x => Sent(x[0], x[1], x[2], (i, j) => [i[0], j, i[2]], i => x[1][i], 1, (old, s) => old + s))
        {
            Samples = [With(Real(2, 3, 2), Whole(-3, 3, 2, 3, 2), Real(2, 3, 2)), With(Real(3, 3, 2), Whole(-3, 3, 2, 4, 1), Real(2, 4, 1)), With(Real(2, 3, 1), Whole(0, 1, 2, 0, 1), Real(2, 0, 1)), With(Real(2, 5, 9), Whole(-5, 5, 2, 9, 9), Real(2, 9, 9))],
            Large = With(Real(3, 40, 130), Whole(-40, 40, 3, 300, 130), Real(3, 300, 130)),
            Errors = [new(() => Tensor.Zeros(2, 3).ScatterAdd(1, Tensor.Zeros([2, 2], DType.Int64), Tensor.Zeros(2, 3)), "ScatterAdd", "source [2, 3], indices [2, 2]")],
        };
        yield return new("Scatter", x => x[0].Scatter(1, x[1], x[2]), x => Sent(x[0], x[1], x[2], (i, j) => [i[0], j, i[2]], i => x[1][i], 1, (_, s) => s))
        {
            Exact = true, Samples = [With(Real(2, 3, 2), Whole(-3, 3, 2, 3, 2), Real(2, 3, 2)), With(Real(3, 3, 2), Whole(-3, 3, 2, 2, 1), Real(2, 2, 1)), With(Real(2, 3, 1), Whole(0, 1, 2, 0, 1), Real(2, 0, 1)), With(Real(2, 5, 9), Whole(-5, 5, 2, 9, 9), Real(2, 9, 9))],
            Large = With(Real(3, 40, 130), Whole(-40, 40, 3, 300, 130), Real(3, 300, 130)),
            Errors = [new(() => Tensor.Zeros(2, 3).Scatter(1, Tensor.Full([2, 2], -4, DType.Int64), 1), "Scatter: index -4 is outside axis 1")],
        };
        yield return new("Scatter", x => x[0].Scatter(0, x[1], 7.5), x => Sent(x[0], x[1], x[1].Map(_ => 7.5), (i, j) => [j, i[1]], i => x[1][i], 0, (_, s) => s))
        {
            Variant = "number", Exact = true, Samples = [With(Real(4, 3), Whole(-4, 4, 2, 3)), With(Real(4, 3), Whole(-4, 4, 1, 2))],
        };
        yield return new("MaskedSelect", x => x[0].MaskedSelect(x[1]), x => Chosen(x[0], x[1]))
        {
            Exact = true, Samples = [With(Real(3, 4), Truth(3, 4)), With(Real(2, 3, 2), Truth(3, 1)), With(Real(3), Truth(2, 3)), With(Real(0, 3), Truth(3)), With(Real(5, 17), Truth(5, 17)), With(Real(2), Truth(2) with { Values = [0, 0] })],
            Errors = [new(() => Tensor.Zeros(2, 3).MaskedSelect(Tensor.Zeros(2, 3)), "MaskedSelect: the mask must be Bool, not Float32"), new(() => Tensor.Zeros(2, 3).MaskedSelect(Tensor.Zeros([2], DType.Bool)), "MaskedSelect", "axis -1")],
        };
        yield return new("NonZero", x => x[0].NonZero(), x => Places(x[0])) { Differentiable = false, Exact = true, Samples = [With(Truth(3, 4)), With(Truth(2, 3, 2)), With(Truth(9)), With(Truth(0, 2))] };
        yield return new("Embedding", x => Tensor.Embedding(x[0], x[1]), x => RefArray.Build([.. x[1].Shape, x[0].Shape[1]], i => x[0][At(x[1][i[..^1]], x[0].Shape[0]), i[^1]]))
        {
            Exact = true, Samples = [With(Real(5, 3), Whole(-5, 5, 2, 4)), With(Real(5, 3), Whole(0, 5)), With(Real(2, 1), Whole(0, 2, 7)), With(Real(5, 3), Whole(0, 5, 0)), With(Real(7, 33), Whole(0, 7, 3, 5))],
            Large = With(Real(50, 130), Whole(0, 50, 20, 30)),
            Errors =
            [
                new(() => Tensor.Embedding(Tensor.Zeros(5, 3), Tensor.From([5L])), "Embedding: index 5 is outside axis 0 of [5, 3]"), new(() => Tensor.Embedding(Tensor.Zeros(5), Tensor.Arange(2)), "must be a matrix"),
                new(() => Tensor.Embedding(Tensor.Zeros(5, 3), Tensor.Arange(2), 5), "paddingIndex 5 is outside the table, which has 5 rows"),
            ],
        };
        // The padding row has a value but by design no gradient, so there is nothing to compare with a difference quotient; PyTorch's fixtures check it.
        yield return new("Embedding", x => Tensor.Embedding(x[0], x[1], -4), x => RefArray.Build([.. x[1].Shape, x[0].Shape[1]], i => x[0][At(x[1][i[..^1]], x[0].Shape[0]), i[^1]]))
        {
            Variant = "padding", Exact = true, Differentiable = false, Samples = [With(Real(5, 3), Whole(0, 5, 2, 4)), With(Real(5, 3), Whole(1, 2, 4))],
        };
        yield return new("OneHot", x => x[0].OneHot(4), x => RefArray.Build([.. x[0].Shape, 4], i => x[0][i[..^1]] == i[^1] ? 1 : 0))
        {
            Exact = true, Differentiable = false, Samples = [With(Whole(0, 4, 2, 3)), With(Whole(0, 4)), With(Whole(0, 4, 0)), With(Whole(0, 4, 17))],
            Errors = [new(() => Tensor.Arange(5).OneHot(4), "OneHot: 4 is not a class; with 4 classes they are 0 to 3"), new(() => Tensor.Zeros(3).OneHot(4), "not Float32"), new(() => Tensor.Arange(3).OneHot(0), "at least one class")],
        };
    }

    internal static OpSample With(params OpInput[] inputs) => new(inputs.Sum(input => input.Shape.Sum()) + 17 * inputs.Length, inputs);

    /// <summary>An index that may be counted from the end.</summary>
    private static int At(double index, int length) => (int)(index < 0 ? index + length : index);

    /// <summary>Hands the elements of s one by one to places of x.</summary>
    private static RefArray Sent(RefArray x, RefArray indices, RefArray s, Func<int[], int, int[]> place, Func<int[], double> index, int axis, Func<double, double, double> take)
    {
        var y = new RefArray(x.Shape, [.. x.Values]);
        Assert.True(indices.Values.All(i => Math.Abs(i) <= x.Shape[axis]));
        foreach (var i in RefArray.Indices(s.Shape))
        {
            int[] to = place(i, At(index(i), x.Shape[axis]));
            y[to] = take(y[to], s[i]);
        }
        return y;
    }

    private static RefArray Chosen(RefArray x, RefArray mask)
    {
        double[] values = [.. RefArray.Indices(RefArray.Broadcast(x.Shape, mask.Shape)).Where(i => mask.AtBroadcast(i) != 0).Select(x.AtBroadcast)];
        return new([values.Length], values);
    }

    private static RefArray Places(RefArray x)
    {
        double[] values = [.. RefArray.Indices(x.Shape).Where(i => x[i] != 0).SelectMany(i => i).Select(i => (double)i)];
        return new([values.Length / x.Rank, x.Rank], values);
    }
}
