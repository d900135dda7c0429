using Cajal.Tests.Fixtures;

namespace Cajal.Tests;

/// <summary>Views, indexing, sorting, interpolation and linear algebra give PyTorch's values and gradients, in Float64; every output is compared.</summary>
public class PyTorchArrayTests
{
    private delegate Tensor[] Call(FixtureArguments args, Func<string, Tensor> input);

    private static readonly Dictionary<string, Call> Calls = new()
    {
        ["Reshape"] = (a, i) => [(a.Bool("transposeFirst", false) ? i("x").T : i("x")).Reshape(a.Ints("shape"))],
        ["Transpose"] = (a, i) => [i("x").Transpose(a.Int("axis0"), a.Int("axis1"))],
        ["Permute"] = (a, i) => [i("x").Permute(a.Ints("axes"))],
        ["Expand"] = (a, i) => [i("x").Expand(a.Ints("shape"))],
        ["Squeeze"] = (a, i) => [a.Has("axis") ? i("x").Squeeze(a.Int("axis")) : i("x").Squeeze()],
        ["Unsqueeze"] = (a, i) => [i("x").Unsqueeze(a.Int("axis"))],
        ["Flatten"] = (a, i) => [i("x").Flatten(a.Int("startAxis"), a.Int("endAxis"))],
        ["Slice"] = (a, i) => [Sliced(a, i("x"))],
        ["Select"] = (a, i) => [i("x").Select(a.Int("axis"), a.Int("index"))],
        ["Concat"] = (a, i) => [Tensor.Concat(Letters(i), a.Int("axis"))],
        ["Stack"] = (a, i) => [Tensor.Stack(Letters(i), a.Int("axis"))],
        ["Split"] = (a, i) => i("x").Split(a.Ints("sizes"), a.Int("axis")),
        ["Chunk"] = (a, i) => i("x").Chunk(a.Int("chunks"), a.Int("axis")),
        ["Pad"] = (a, i) => [i("x").Pad([.. a.IntLists("pads").Select(p => (p[0], p[1]))], Enum.Parse<PadMode>(a.String("mode"), ignoreCase: true), a.Double("value", 0))],
        ["Flip"] = (a, i) => [i("x").Flip(a.Ints("axes"))],
        ["Roll"] = (a, i) => [a.Has("axes") ? i("x").Roll(a.Ints("shifts"), a.Ints("axes")) : i("x").Roll(a.Ints("shifts")[0])],
        ["Repeat"] = (a, i) => [i("x").RepeatInterleave(a.Int("times"), a.Int("axis"))],
        ["Tile"] = (a, i) => [i("x").Repeat(a.Ints("times"))],
        ["IndexSelect"] = (a, i) => [i("x").IndexSelect(a.Int("axis"), i("index"))],
        ["Gather"] = (a, i) => [i("x").Gather(a.Int("axis"), i("index"))],
        ["Scatter"] = (a, i) => [i("x").Scatter(a.Int("axis"), i("index"), i("src"))],
        ["ScatterAdd"] = (a, i) => [i("x").ScatterAdd(a.Int("axis"), i("index"), i("src"))],
        ["MaskedSelect"] = (_, i) => [i("x").MaskedSelect(i("mask"))],
        ["MaskedFill"] = (a, i) => [i("x").MaskedFill(i("mask"), a.Double("value"))],
        ["OneHot"] = (a, i) => [i("index").OneHot(a.Int("classes"))],
        ["Embedding"] = (a, i) => [Tensor.Embedding(i("weight"), i("index"), a.Has("paddingIndex") ? a.Int("paddingIndex") : null)],
        ["Sort"] = (a, i) => Pair(i("x").Sort(a.Int("axis"), a.Bool("descending"))),
        ["ArgSort"] = (a, i) => [i("x").ArgSort(a.Int("axis"), a.Bool("descending"))],
        ["TopK"] = (a, i) => Pair(i("x").TopK(a.Int("k"), a.Int("axis"), a.Bool("largest"))),
        ["Median"] = (a, i) => [i("x").Median(a.Int("axis"), a.Bool("keepAxes"))],
        ["Interpolate"] = (a, i) => [a.Has("scales") ? i("x").InterpolateBy(a.Doubles("scales"), Mode(a), a.Bool("alignCorners", false)) : i("x").Interpolate(a.Ints("size"), Mode(a), a.Bool("alignCorners", false))],
        ["PixelShuffle"] = (a, i) => [i("x").PixelShuffle(a.Int("factor"))],
        ["Einsum"] = (a, i) => [Tensor.Einsum(a.String("equation"), Letters(i))],
        ["Outer"] = (_, i) => [i("a").Outer(i("b"))],
        ["Bilinear"] = (_, i) => [Tensor.Bilinear(i("x1"), i("x2"), i("weight"), Optional(i, "bias"))],
        ["Tril"] = (a, i) => [i("x").Tril(a.Int("diagonal"))],
        ["Triu"] = (a, i) => [i("x").Triu(a.Int("diagonal"))],
        ["Diagonal"] = (_, i) => [i("x").Diagonal()],
        ["Trace"] = (_, i) => [i("x").Trace()],
        ["Dot"] = (_, i) => [i("a").Dot(i("b"))],
        ["Cross"] = (a, i) => [i("a").Cross(i("b"), a.Int("axis"))],
        ["Diag"] = (a, i) => [i("x").Diag(a.Int("diagonal"))],
        ["DiagonalMatrix"] = (a, i) => [i("x").DiagonalMatrix(a.Int("offset"))],
        ["MatrixPower"] = (a, i) => [i("a").MatrixPower(a.Int("exponent"))],
        ["LogDet"] = (_, i) => [i("a").LogDeterminant().Log],
        ["LstSq"] = (_, i) => [i("a").LeastSquares(i("b"))],
        ["TriangularSolve"] = (a, i) => [i("a").TriangularSolve(i("b"), a.Bool("upper"))],
        ["Quantile"] = (a, i) => [i("x").Quantile(a.Double("q"), a.Int("axis"))],
        ["Unique"] = (_, i) => i("x").Unique() is var (values, inverse, counts) ? [values, inverse, counts] : [],
        ["NonZero"] = (_, i) => [i("x").NonZero()],
        ["Meshgrid"] = (_, i) => Tensor.Meshgrid(Letters(i)),
        ["IndexAdd"] = (a, i) => [i("x").IndexAdd(a.Int("axis"), i("index"), i("src"))],
        ["Solve"] = (_, i) => [i("a").Solve(i("b"))],
        ["Inverse"] = (_, i) => [i("a").Inverse()],
        ["Det"] = (_, i) => [i("a").Determinant()],
        ["Cholesky"] = (_, i) => [i("a").Cholesky()],
        ["Qr"] = (_, i) => i("a").Qr() is var (q, r) ? [q, r] : [],
        ["Svd"] = (_, i) => i("a").Svd() is var (u, s, vt) ? [s, (u * s.Unsqueeze(-2)).MatMul(vt)] : [],
        ["Eigh"] = (_, i) => i("a").EigenSymmetric() is var (values, vectors) ? [values, vectors] : [],
    };

    public static TheoryData<string> Names => [.. Calls.Keys.SelectMany(FixtureFile.CasesOf).Select(fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        var inputs = new Dictionary<string, Tensor>();
        foreach (var (key, array) in fixture.Inputs) inputs[key] = ToTensor(array, fixture.Grads.Names.Contains(key));
        var outputs = Calls[fixture.Op](fixture.Args, key => inputs[key]);
        Assert.Equal(fixture.Outputs.Count, outputs.Length);
        int at = 0;
        Tensor? sum = null;
        foreach (var (key, expected) in fixture.Outputs)
        {
            var y = outputs[at++];
            Assert.Equal(expected.Shape, y.Shape.ToArray());
            Tolerances.Float64.Check(y.ToArray<double>(), expected.Values, $"{name}, {key}");
            if (!fixture.HasGrads || !fixture.Upstream.Names.Contains(key)) continue;
            var part = (y * ToTensor(fixture.Upstream[key], false)).Sum();
            sum = sum is null ? part : sum + part;
        }
        if (sum is not { RequiresGrad: true }) return;
        sum.Backward();
        foreach (var (key, expected) in fixture.Grads)
        {
            var gradient = inputs[key].Grad?.ToArray<double>() ?? new double[inputs[key].Count];
            Tolerances.Float64.Times(10).Check(gradient, expected.Values, $"{name}, gradient of {key}");
        }
    }

    [Fact]
    public void EveryOpHasCases() => Assert.All(Calls.Keys, op => Assert.NotEmpty(FixtureFile.CasesOf(op)));

    private static Tensor Sliced(FixtureArguments args, Tensor x)
    {
        int axis = 0;
        if (args.Has("index")) x = x[args.Int("index")];
        if (!args.Has("ranges")) return x;
        foreach (int[] range in args.IntLists("ranges"))
        {
            int length = (range[1] - range[0] + range[2] - 1) / range[2];
            x = x.Narrow(axis++, range[0], length, range[2]);
        }
        return x;
    }

    private static InterpolationMode Mode(FixtureArguments args) => args.String("mode") switch
    {
        "nearest" => InterpolationMode.Nearest,
        "nearest-exact" => InterpolationMode.NearestCentre,
        "bicubic" => InterpolationMode.Cubic,
        _ => InterpolationMode.Linear,
    };

    private static Tensor[] Pair((Tensor Values, Tensor Indices) sorted) => [sorted.Values, sorted.Indices];

    /// <summary>The inputs a, b, c, ... that the case has.</summary>
    private static Tensor[] Letters(Func<string, Tensor> input) => [.. new[] { "a", "b", "c" }.Select(name => Optional(input, name)).OfType<Tensor>()];

    private static Tensor? Optional(Func<string, Tensor> input, string name)
    {
        try
        {
            return input(name);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    private static Tensor ToTensor(FixtureArray array, bool tracked)
    {
        var tensor = array.DType switch
        {
            "int64" => Tensor.From(array.Integers, array.Count).Reshape(array.Shape),
            "bool" => Tensor.From(array.Booleans, array.Count).Reshape(array.Shape),
            _ => Tensor.From(array.Values, array.Count).Reshape(array.Shape),
        };
        return tracked ? tensor.WithGrad() : tensor;
    }
}
