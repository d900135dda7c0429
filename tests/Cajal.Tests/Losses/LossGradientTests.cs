namespace Cajal.Tests;

/// <summary>First and second derivatives of every loss against central differences, in Float64, away from kinks.</summary>
public class LossGradientTests
{
    private const double AtFirst = 1e-6, AtSecond = 1e-5;

    private static readonly Tensor Classes = Tensor.From(new long[] { 2, 0, 1, -100 });
    private static readonly Tensor Pixels = Tensor.From(new long[] { 0, 2, 1, 1, 2, 0, -100, 1 }, 2, 2, 2);
    private static readonly Tensor Weight = Tensor.From([0.5, 2.0, 1.25]);

    /// <summary>Random numbers in ±[0.1, 1.1], none near 0, where several losses have a kink.</summary>
    private static Tensor Real(int seed, params int[] shape)
    {
        var x = Tensor.Uniform(shape, -1, 1, DType.Float64, new Generator((ulong)seed));
        return x + x.Sign() * 0.1;
    }

    private static Tensor Share(int seed, params int[] shape) => Tensor.Uniform(shape, 0.1, 0.9, DType.Float64, new Generator((ulong)seed));

    private static Tensor Signs(int seed, params int[] shape) => Real(seed, shape).Sign();

    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Loss, Tensor[] At)> Cases = new()
    {
        ["mse"] = (x => new MseLoss(Reduction.None).Forward(x[0], x[1]), [Real(1, 3, 2), Real(2, 3, 2)]),
        ["l1"] = (x => new L1Loss(Reduction.None).Forward(x[0], x[1]), [Real(1, 3, 2), Real(2, 3, 2)]),
        ["least squares"] = (x => new LeastSquaresLoss().Forward(x[0], x[1]), [Real(1, 3, 2), Real(2, 3, 2)]),
        ["huber"] = (x => new HuberLoss(0.6, Reduction.None).Forward(x[0], x[1]), [Real(1, 9), Real(2, 9)]),
        ["smooth l1"] = (x => new SmoothL1Loss(0.6, Reduction.None).Forward(x[0], x[1]), [Real(1, 9), Real(2, 9)]),
        ["poisson log"] = (x => new PoissonNllLoss(full: true, reduction: Reduction.None).Forward(x[0], x[1]), [Real(1, 5), Real(2, 5).Abs() * 4]),
        ["poisson rate"] = (x => new PoissonNllLoss(logInput: false).Forward(x[0], x[1]), [Share(1, 5), Real(2, 5).Abs()]),
        ["gaussian"] = (x => new GaussianNllLoss(full: true, reduction: Reduction.None).Forward(x[0], x[1], x[2]), [Real(1, 3, 2), Real(2, 3, 2), Share(3, 3, 2)]),
        ["gaussian shared"] = (x => new GaussianNllLoss().Forward(x[0], x[1], x[2]), [Real(1, 3, 2), Real(2, 3, 2), Share(3, 3)]),
        ["nll"] = (x => new NllLoss(Weight).Forward(x[0], Classes), [Real(1, 4, 3)]),
        ["cross-entropy"] = (x => new CrossEntropyLoss().Forward(x[0], Classes), [Real(1, 4, 3)]),
        ["cross-entropy weighted, smoothed"] = (x => new CrossEntropyLoss(Weight, 0.2, reduction: Reduction.None).Forward(x[0], Classes), [Real(1, 4, 3)]),
        ["cross-entropy of pixels"] = (x => new CrossEntropyLoss(Weight).Forward(x[0], Pixels), [Real(1, 2, 3, 2, 2)]),
        ["cross-entropy soft"] = (x => new CrossEntropyLoss(Weight, 0.1).Forward(x[0], x[1]), [Real(1, 4, 3), Share(2, 4, 3)]),
        ["kl"] = (x => new KlDivergenceLoss().Forward(x[0], x[1]), [Real(1, 4, 3), Share(2, 4, 3)]),
        ["kl of logarithms"] = (x => new KlDivergenceLoss(logTarget: true, Reduction.Mean).Forward(x[0], x[1]), [Real(1, 4, 3), Real(2, 4, 3)]),
        ["bce"] = (x => new BceLoss(Weight, Reduction.None).Forward(x[0], x[1]), [Share(1, 4, 3), Share(2, 4, 3)]),
        ["bce of logits"] = (x => new BceWithLogitsLoss(reduction: Reduction.None).Forward(x[0], x[1]), [Real(1, 4, 3), Share(2, 4, 3)]),
        ["bce of logits weighted"] = (x => new BceWithLogitsLoss(Weight, Weight + 1).Forward(x[0], x[1]), [Real(1, 4, 3), Share(2, 4, 3)]),
        ["logistic"] = (x => new SoftMarginLoss(Reduction.None).Forward(x[0], Signs(5, 6)), [Real(1, 6)]),
        ["hinge"] = (x => new HingeLoss(Reduction.None).Forward(x[0], Signs(5, 6)), [Real(1, 6) * 2]),
        ["squared hinge"] = (x => new SquaredHingeLoss(Reduction.None).Forward(x[0], Signs(5, 6)), [Real(1, 6) * 2]),
        ["hinge embedding"] = (x => new HingeEmbeddingLoss(0.5, Reduction.None).Forward(x[0], Signs(5, 6)), [Real(1, 6)]),
        ["multi-margin"] = (x => new MultiMarginLoss(1, 0.4, Weight).Forward(x[0], Classes[..3]), [Real(1, 3, 3)]),
        ["multi-margin squared"] = (x => new MultiMarginLoss(2, reduction: Reduction.None).Forward(x[0], Classes[..3]), [Real(1, 3, 3)]),
        ["multi-label margin"] = (x => new MultiLabelMarginLoss(Reduction.None).Forward(x[0], Tensor.From(new long[,] { { 2, 0, -1 }, { 1, -1, 0 } })), [Real(1, 2, 3)]),
        ["multi-label soft margin"] = (x => new MultiLabelSoftMarginLoss(Weight).Forward(x[0], x[1]), [Real(1, 4, 3), Share(2, 4, 3)]),
        ["margin ranking"] = (x => new MarginRankingLoss(0.3, Reduction.None).Forward(x[0], x[1], Signs(5, 6)), [Real(1, 6), Real(2, 6)]),
        ["cosine embedding"] = (x => new CosineEmbeddingLoss(-0.9, Reduction.None).Forward(x[0], x[1], Tensor.From([1.0, -1, -1])), [Real(1, 3, 4), Real(2, 3, 4)]),
        ["triplet"] = (x => new TripletMarginLoss(2, reduction: Reduction.None).Forward(x[0], x[1], x[2]), [Real(1, 3, 4), Real(2, 3, 4), Real(3, 3, 4)]),
        ["triplet of maxima, swapped"] = (x => new TripletMarginLoss(2, double.PositiveInfinity, swap: true).Forward(x[0], x[1], x[2]), [Real(1, 3, 4), Real(2, 3, 4), Real(3, 3, 4)]),
        ["triplet p = 1.5"] = (x => new TripletMarginLoss(2, 1.5).Forward(x[0], x[1], x[2]), [Real(1, 3, 4), Real(2, 3, 4), Real(3, 3, 4)]),
        ["focal"] = (x => new FocalLoss(1.5, Weight).Forward(x[0], Classes), [Real(1, 4, 3)]),
        ["focal of pixels"] = (x => new FocalLoss(0.5, reduction: Reduction.Sum).Forward(x[0], Pixels), [Real(1, 2, 3, 2, 2)]),
        ["binary focal"] = (x => new BinaryFocalLoss(2, 0.25, Reduction.None).Forward(x[0], x[1]), [Real(1, 4, 3), Share(2, 4, 3)]),
        ["dice"] = (x => new DiceLoss().Forward(x[0], x[1]), [Real(1, 2, 1, 2, 2), Share(2, 2, 1, 2, 2)]),
        ["dice of classes"] = (x => new DiceLoss(0.3, reduction: Reduction.None).Forward(x[0], Pixels), [Real(1, 2, 3, 2, 2)]),
        ["iou"] = (x => new IouLoss(reduction: Reduction.None).Forward(x[0], x[1]), [Real(1, 2, 1, 2, 2), Share(2, 2, 2, 2)]),
        ["iou of probabilities"] = (x => new IouLoss(0.3, logits: false).Forward(x[0], Pixels), [Share(1, 2, 3, 2, 2)]),
        ["composite"] = (x => new CompositeLoss(("data", new MseLoss(), 0.7), ("size", Loss.From((z, _) => z.Square().Sum()), 0.1)).Forward(x[0], x[1]), [Real(1, 5), Real(2, 5)]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void FirstDerivativesAreExact(string name)
    {
        var report = GradientCheck.First(Cases[name].Loss, Cases[name].At);
        Assert.True(report.Passes(AtFirst), report.ToString());
        Assert.Contains(Differentiated(name), gradient => gradient.Abs().Max().Item() > 1e-3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SecondDerivativesAreExact(string name)
    {
        var report = GradientCheck.Second(Cases[name].Loss, Cases[name].At);
        Assert.True(report.Passes(AtSecond), report.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32GivesTheSame(string name)
    {
        // Constants that the losses hold stay Float64 here: they must not widen the result.
        var (loss, at) = Cases[name];
        var narrow = loss([.. at.Select(x => x.Cast(DType.Float32))]);
        Assert.Equal(DType.Float32, narrow.DType);
        Tolerances.Float32.Check(narrow.ToArray<float>(), loss([.. at.Select(x => x.Cast(DType.Float32).Cast(DType.Float64))]).ToArray<double>(), name);
    }

    private static Tensor[] Differentiated(string name)
    {
        Tensor[] leaves = [.. Cases[name].At.Select(x => x.Detach().Clone().WithGrad())];
        return Differentiate.Grad(Cases[name].Loss(leaves).Sum(), leaves);
    }
}
