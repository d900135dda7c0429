namespace Cajal.Tests;

/// <summary>Extreme numbers: huge and infinite logits, probabilities of 0 and 1, in Float32, with their gradients.</summary>
public class LossEdgeTests
{
    private const float Infinity = float.PositiveInfinity;

    private static (float[] Losses, float[] Gradient) Run(Func<Tensor, Tensor> loss, params float[] at) => Run(loss, Tensor.From(at));

    private static (float[] Losses, float[] Gradient) Run(Func<Tensor, Tensor> loss, Tensor at)
    {
        var leaf = at.Detach().Clone().WithGrad();
        var losses = loss(leaf);
        losses.Sum().Backward();
        return (losses.ToArray<float>(), leaf.Grad!.ToArray<float>());
    }

    [Fact]
    public void LogitsOfAnySizeAreSafeForBinaryCrossEntropy()
    {
        var loss = new BceWithLogitsLoss(reduction: Reduction.None);
        var (losses, gradient) = Run(z => loss.Forward(z, Tensor.From([1f, 0, 1, 0, 1, 0, 1, 0])), 1e4f, 1e4f, -1e4f, -1e4f, Infinity, Infinity, -Infinity, -Infinity);
        Assert.Equal([0, 1e4f, 1e4f, 0, 0, Infinity, Infinity, 0], losses);
        Assert.Equal([0, 1, -1, 0, 0, 1, -1, 0], gradient);
        var weighted = new BceWithLogitsLoss(posWeight: Tensor.From([3f]), reduction: Reduction.None);
        (losses, gradient) = Run(z => weighted.Forward(z, Tensor.From([1f, 0, 1, 0])), -1e4f, 1e4f, Infinity, -Infinity);
        Assert.Equal([3e4f, 1e4f, 0, 0], losses);
        Assert.Equal([-3, 1, 0, 0], gradient);
        // Far out, what is left of a right answer is e^-z, which subtraction of large numbers would lose.
        Assert.Equal(Math.Exp(-60), new BceWithLogitsLoss().Forward(Tensor.From([60.0]), Tensor.From([1.0])).Item(), 1e-36);
    }

    [Fact]
    public void LogitsOfAnySizeAreSafeForMarginLosses()
    {
        var (losses, gradient) = Run(z => new SoftMarginLoss(Reduction.None).Forward(z, Tensor.From([1f, -1, 1, -1])), -1e4f, 1e4f, Infinity, -Infinity);
        Assert.Equal([1e4f, 1e4f, 0, 0], losses);
        Assert.Equal([-1, 1, 0, 0], gradient);
        (losses, gradient) = Run(z => new HingeLoss(Reduction.None).Forward(z, Tensor.From([1f, -1, 1, -1])), -1e4f, 1e4f, Infinity, -Infinity);
        Assert.Equal([10001, 10001, 0, 0], losses);
        Assert.Equal([-1, 1, 0, 0], gradient);
        (losses, gradient) = Run(z => new MultiMarginLoss(reduction: Reduction.None).Forward(z, Tensor.From(new long[] { 0, 1 })), Tensor.From(new float[,] { { 1e4f, -Infinity }, { 1e4f, -1e4f } }));
        Assert.Equal([0, 10000.5f], losses);
        Assert.Equal([0, 0, 0.5f, -0.5f], gradient);
    }

    [Fact]
    public void LogitsOfAnySizeAreSafeForManyClasses()
    {
        var logits = Tensor.From(new float[,] { { 1e4f, -1e4f, 0 }, { 0, -Infinity, 0 }, { -1e4f, 1e4f, -Infinity } });
        var labels = Tensor.From(new long[] { 1, 0, 1 });
        var (losses, gradient) = Run(z => new CrossEntropyLoss(reduction: Reduction.None).Forward(z, labels), logits);
        Tolerances.Float32.Check(losses, [2e4, Math.Log(2), 0], "losses");
        Tolerances.Float32.Check(gradient, [1, -1, 0, -0.5, 0, 0.5, 0, 0, 0], "gradient");
        // Probabilities that give an impossible class nothing.
        var soft = Tensor.From(new float[,] { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 1, 0 } });
        var (softLosses, softGradient) = Run(z => new CrossEntropyLoss(reduction: Reduction.None).Forward(z, soft), logits);
        Assert.Equal(losses, softLosses);
        Assert.Equal(gradient, softGradient);
        var (focal, focalGradient) = Run(z => new FocalLoss(0.5, reduction: Reduction.None).Forward(z, labels), logits);
        Tolerances.Float32.Check(focal, [2e4, Math.Log(2) * Math.Sqrt(0.5), 0], "focal");
        Assert.All(focalGradient, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void AClassWithoutWeightCostsNothingEvenIfImpossible()
    {
        var logs = Tensor.From(new float[,] { { -Infinity, 0 }, { 0, -1 } });
        var (losses, gradient) = Run(z => new NllLoss(Tensor.From([0f, 2]), reduction: Reduction.None).Forward(z, Tensor.From(new long[] { 0, 1 })), logs);
        Assert.Equal([0, 2], losses);
        Assert.Equal([0, 0, 0, -2], gradient);
    }

    [Fact]
    public void CertainProbabilitiesAreSafeForBinaryCrossEntropy()
    {
        var (losses, gradient) = Run(p => new BceLoss(reduction: Reduction.None).Forward(p, Tensor.From([0f, 1, 1, 0])), 0, 1, 0, 1);
        Assert.Equal([0, 0, 100, 100], losses);
        Assert.Equal([0, 0, -1e12f, 1e12f], gradient);
        var p = Tensor.From([0.0, 1.0]).WithGrad();
        var slope = Differentiate.Grad(new BceLoss().Forward(p, Tensor.From([0.0, 1.0])), [p], createGraph: true)[0];
        Assert.All(Differentiate.Grad(slope.Sum(), [p])[0].ToArray<double>(), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void ProbabilitiesOfZeroAreSafeForKullbackLeibler()
    {
        var (losses, gradient) = Run(z => new KlDivergenceLoss(reduction: Reduction.None).Forward(z, Tensor.From([0f, 0.5f, 0])), -Infinity, -1, -2);
        Tolerances.Float32.Check(losses, [0, 0.5 * Math.Log(0.5) + 0.5, 0], "losses");
        Assert.Equal([0, -0.5f, 0], gradient);
        (losses, gradient) = Run(z => new KlDivergenceLoss(logTarget: true, Reduction.None).Forward(z, Tensor.From([-Infinity, 0f])), -Infinity, -1);
        Assert.Equal([0, 1], losses);
        Assert.Equal([0, -1], gradient);
    }

    [Fact]
    public void HugeDistancesAreSafeWhereTheLossIsLinear()
    {
        var (losses, gradient) = Run(z => new HuberLoss(0.5, Reduction.None).Forward(z, Tensor.Zeros(3)), 1e30f, -1e30f, Infinity);
        Assert.Equal([5e29f, 5e29f, Infinity], losses);
        Assert.Equal([0.5f, -0.5f, 0.5f], gradient);
        (losses, gradient) = Run(z => new SmoothL1Loss(reduction: Reduction.None).Forward(z, Tensor.Zeros(2)), 1e30f, 0);
        Assert.Equal([1e30f, 0], losses);
        Assert.Equal([1, 0], gradient);
    }

    [Fact]
    public void CountsAndVariancesOfZeroAreSafe()
    {
        var (losses, gradient) = Run(z => new PoissonNllLoss(full: true, reduction: Reduction.None).Forward(z, Tensor.From([0f, 0, 3])), -Infinity, -1e4f, 0);
        Tolerances.Float32.Check(losses, [0, 0, 1 + 3 * Math.Log(3) - 3 + 0.5 * Math.Log(6 * Math.PI)], "losses");
        Assert.Equal([0, 0, -2], gradient);
        (losses, gradient) = Run(rate => new PoissonNllLoss(logInput: false, reduction: Reduction.None).Forward(rate, Tensor.From([0f, 1])), 0, 0);
        Tolerances.Float32.Check(losses, [0, -Math.Log(1e-8)], "losses");
        // Held at epsilon in the value, but free to grow: d/dv of (ln v + 1/v) / 2 at v = 0.01.
        (losses, gradient) = Run(v => new GaussianNllLoss(epsilon: 0.01, reduction: Reduction.None).Forward(Tensor.Ones(1), Tensor.Zeros(1), v), 0);
        Tolerances.Float32.Check(losses, [0.5 * (Math.Log(0.01) + 100)], "losses");
        Tolerances.Float32.Check(gradient, [0.5 * (100 - 1e4)], "gradient");
    }

    [Fact]
    public void PointsThatCoincideHaveADerivative()
    {
        var zero = Tensor.Zeros(2, 3);
        var (_, gradient) = Run(a => new TripletMarginLoss().Forward(a, zero, zero), zero);
        Assert.All(gradient, value => Assert.True(float.IsFinite(value)));
        var (losses, cosine) = Run(a => new CosineEmbeddingLoss(reduction: Reduction.None).Forward(a, Tensor.Ones(2, 3), Tensor.From([1f, -1])), zero);
        Assert.Equal([1, 0], losses);
        Assert.All(cosine, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void CertainSamplesHaveAFocalDerivative()
    {
        var (losses, gradient) = Run(z => new BinaryFocalLoss(0.5, reduction: Reduction.None).Forward(z, Tensor.From([1f, 0, 1, 0])), 1e4f, -1e4f, -1e4f, 1e4f);
        Assert.Equal([0, 0, 1e4f, 1e4f], losses);
        Assert.Equal([0, 0, -1, 1], gradient);
    }

    [Fact]
    public void EmptyMasksAreRightWithSmoothing()
    {
        Assert.Equal(0, new DiceLoss(logits: false).Forward(Tensor.Zeros(2, 4), Tensor.Zeros(2, 4)).Item());
        Assert.Equal(0, new IouLoss().Forward(Tensor.Full([2, 4], -1e4), Tensor.Zeros(2, 4)).Item());
        Assert.True(double.IsNaN(new DiceLoss(smooth: 0, logits: false).Forward(Tensor.Zeros(2, 4), Tensor.Zeros(2, 4)).Item()));
    }
}
