using Cajal.Tests.Fixtures;

namespace Cajal.Tests;

/// <summary>Every loss, reduction and option gives PyTorch's values and gradients, in Float64.</summary>
public class PyTorchLossTests
{
    private delegate Tensor Call(FixtureArguments args, Reduction reduction, Func<string, Tensor> input, Func<string, Tensor?> optional);

    private static readonly Dictionary<string, Call> Calls = new()
    {
        ["L1"] = (_, r, i, _) => new L1Loss(r).Forward(i("input"), i("target")),
        ["Mse"] = (_, r, i, _) => new MseLoss(r).Forward(i("input"), i("target")),
        ["LeastSquares"] = (_, r, i, _) => new LeastSquaresLoss(r).Forward(i("input"), i("target")),
        ["Huber"] = (a, r, i, _) => new HuberLoss(a.Double("delta"), r).Forward(i("input"), i("target")),
        ["SmoothL1"] = (a, r, i, _) => new SmoothL1Loss(a.Double("beta"), r).Forward(i("input"), i("target")),
        ["PoissonNll"] = (a, r, i, _) => new PoissonNllLoss(a.Bool("logInput"), a.Bool("full"), a.Double("epsilon"), r).Forward(i("input"), i("target")),
        ["GaussianNll"] = (a, r, i, _) => new GaussianNllLoss(a.Bool("full"), a.Double("epsilon"), r).Forward(i("input"), i("target"), i("variance")),
        ["CrossEntropy"] = (a, r, i, o) => new CrossEntropyLoss(o("weight"), a.Double("labelSmoothing"), a.Int("ignoreIndex", -100), r).Forward(i("input"), i("target")),
        ["Nll"] = (a, r, i, o) => new NllLoss(o("weight"), a.Int("ignoreIndex", -100), r).Forward(i("input"), i("target")),
        ["KlDiv"] = (a, r, i, _) => new KlDivergenceLoss(a.Bool("logTarget"), r).Forward(i("input"), i("target")),
        ["Focal"] = (a, r, i, _) => new FocalLoss(a.Double("gamma"), reduction: r).Forward(i("input"), i("target")),
        ["Bce"] = (_, r, i, o) => new BceLoss(o("weight"), r).Forward(i("input"), i("target")),
        ["BceWithLogits"] = (_, r, i, o) => new BceWithLogitsLoss(o("weight"), o("positiveWeight"), r).Forward(i("input"), i("target")),
        ["Dice"] = (a, r, i, _) => new DiceLoss(a.Double("smooth"), logits: false, reduction: r).Forward(i("input"), i("target")),
        ["SoftIoU"] = (a, r, i, _) => new IouLoss(a.Double("smooth"), logits: false, reduction: r).Forward(i("input"), i("target")),
        ["SoftMargin"] = (_, r, i, _) => new SoftMarginLoss(r).Forward(i("input"), i("target")),
        ["Hinge"] = (_, r, i, _) => new HingeLoss(r).Forward(i("input"), i("target")),
        ["SquaredHinge"] = (_, r, i, _) => new SquaredHingeLoss(r).Forward(i("input"), i("target")),
        ["HingeEmbedding"] = (a, r, i, _) => new HingeEmbeddingLoss(a.Double("margin"), r).Forward(i("input"), i("target")),
        ["MultiMargin"] = (a, r, i, o) => new MultiMarginLoss(a.Int("p"), a.Double("margin"), o("weight"), r).Forward(i("input"), i("target")),
        ["MultiLabelMargin"] = (_, r, i, _) => new MultiLabelMarginLoss(r).Forward(i("input"), i("target")),
        ["MultiLabelSoftMargin"] = (_, r, i, o) => new MultiLabelSoftMarginLoss(o("weight"), r).Forward(i("input"), i("target")),
        ["MarginRanking"] = (a, r, i, _) => new MarginRankingLoss(a.Double("margin"), r).Forward(i("input1"), i("input2"), i("target")),
        ["CosineEmbedding"] = (a, r, i, _) => new CosineEmbeddingLoss(a.Double("margin"), r).Forward(i("input1"), i("input2"), i("target")),
        ["TripletMargin"] = (a, r, i, _) => new TripletMarginLoss(a.Double("margin"), a.Double("p"), a.Bool("swap"), a.Double("epsilon"), r).Forward(i("anchor"), i("positive"), i("negative")),
        ["Ctc"] = (a, r, i, _) => new CtcLoss(a.Int("blank"), a.Bool("zeroInfinity"), r).Forward(i("logits").LogSoftmax(), i("targets"), i("inputLengths"), i("targetLengths")),
    };

    public static TheoryData<string> Names => [.. Calls.Keys.SelectMany(FixtureFile.CasesOf).Select(fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        var inputs = new Dictionary<string, Tensor>();
        foreach (var (key, array) in fixture.Inputs) inputs[key] = ToTensor(array, fixture.Grads.Names.Contains(key));
        var y = Calls[fixture.Op](fixture.Args, ReductionOf(fixture), key => inputs[key], inputs.GetValueOrDefault);
        Assert.Equal(fixture.Output.Shape, y.Shape.ToArray());
        Tolerances.Float64.Check(y.ToArray<double>(), fixture.Output.Values, name);
        if (!fixture.HasGrads) return;
        y.Backward(ToTensor(fixture.Upstream["y"], false));
        foreach (string key in fixture.Grads.Names)
        {
            var gradient = inputs[key].Grad?.ToArray<double>() ?? new double[inputs[key].Count];
            Tolerances.Float64.Times(10).Check(gradient, fixture.Grads[key].Values, $"{name}, gradient of {key}");
        }
    }

    [Theory]
    [InlineData("losses-regression", 54)]
    [InlineData("losses-classes", 237)]
    [InlineData("losses-ctc", 27)]
    public void EveryCaseIsCompared(string family, int cases)
    {
        var all = FixtureFile.Open(family).Cases;
        Assert.Equal(cases, all.Count);
        Assert.All(all, fixture => Assert.Contains(fixture.Op, Calls.Keys));
    }

    private static Reduction ReductionOf(FixtureCase fixture) => fixture.Args.String("reduction") switch
    {
        "mean" => Reduction.Mean,
        "sum" => Reduction.Sum,
        "batchmean" => Reduction.BatchMean,
        _ => Reduction.None,
    };

    private static Tensor ToTensor(FixtureArray array, bool tracked)
    {
        var tensor = (array.IsFloating ? Tensor.From(array.Values, array.Count) : Tensor.From(array.Integers, array.Count)).Reshape(array.Shape);
        return tracked ? tensor.WithGrad() : tensor;
    }
}
