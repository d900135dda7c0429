namespace Cajal.Tests.Optim;

/// <summary>Linear models on the standardised diabetes data agree with scikit-learn 1.2's Ridge, Lasso and ElasticNet (fit_intercept=False, tol=1e-12).</summary>
public class RegularisationTests
{
    private static readonly double[] Lasso = [0, -0.05532370967, 0.3160236915, 0.1491173193, 0, 0, -0.1112575899, 0, 0.2787901486, 0.002950222041];
    private static readonly double[] Elastic = [0, -0.1043629385, 0.3131453297, 0.1740464317, -0.03947972168, 0, -0.1355970609, 0, 0.2959841598, 0.03179673789];
    private static readonly double[] Ridge = [0.0008083652521, -0.1279792592, 0.3024764414, 0.186394565, -0.05155556034, -0.04374853855, -0.1165437704, 0.07147343301, 0.2741357478, 0.05358358785];

    [Fact]
    public void TheProximalStepFindsTheLassoWithItsExactZeros()
    {
        double[] w = Fit(0.05, 0);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(Lasso[i], w[i], 1e-6));
        Assert.Equal(Lasso.Count(value => value == 0), w.Count(value => value == 0));
    }

    [Fact]
    public void WithRidgeItFindsTheElasticNet()
    {
        double[] w = Fit(0.05 * 0.4, 0.05 * 0.6);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(Elastic[i], w[i], 1e-6));
        Assert.Equal(Elastic.Count(value => value == 0), w.Count(value => value == 0));
    }

    [Fact]
    public void RidgeAloneFindsTheRidge()
    {
        double[] w = Fit(0, 44.2 / 442);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(Ridge[i], w[i], 1e-6));
    }

    [Fact]
    public void BiasesAreNotShrunkUnlessNamed()
    {
        var layer = new Linear(2, 2);
        var optimizer = new Sgd(layer, 1);
        double[] before = layer.Bias!.ToArray<double>();
        new ProximalLasso(optimizer, 10).Step();
        Assert.All(layer.Weight.ToArray<double>(), value => Assert.Equal(0, value));
        Assert.Equal(before, layer.Bias.ToArray<double>());
        new ProximalLasso(optimizer, 10, [layer.Bias]).Step();
        Assert.All(layer.Bias.ToArray<double>(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void MaxNormScalesOnlyTheUnitsThatAreTooLong()
    {
        var weight = new Parameter(Tensor.From([3.0, 4, 0.3, 0.4], 2, 2));
        MaxNorm.Apply(weight, 2);
        Assert.Equal([1.2, 1.6, 0.3, 0.4], weight.ToArray<double>().Select(value => Math.Round(value, 12)));
        var columns = new Parameter(Tensor.From([3.0, 1, 4, 0], 2, 2));
        MaxNorm.Apply(columns, 2, axis: 1);
        Assert.Equal([1.2, 1, 1.6, 0], columns.ToArray<double>().Select(value => Math.Round(value, 12)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MaxNorm.Apply(weight, 0));
        Assert.Throws<ShapeException>(() => MaxNorm.Apply(weight, 1, axis: 2));
    }

    [Theory]
    [InlineData("clips")]
    [InlineData("leaves-alone")]
    [InlineData("p1")]
    [InlineData("p-infinity")]
    public void ClipNormIsPyTorchs(string variant)
    {
        var fixture = Fixtures.FixtureFile.Case($"ClipGradNorm/{variant}");
        Parameter[] parameters = [With(fixture.Inputs["g1"]), With(fixture.Inputs["g2"])];
        double norm = Gradients.ClipNorm(parameters, fixture.Args.Double("maxNorm"), fixture.Args.Double("p"));
        Assert.Equal(fixture.Outputs["norm"].Values[0], norm, 1e-12);
        // PyTorch divides by norm + 1e-6.
        for (int i = 0; i < 2; i++) Assert.All(parameters[i].Grad!.ToArray<double>().Zip(fixture.Outputs[$"g{i + 1}"].Values), pair => Assert.Equal(pair.Second, pair.First, 3e-6));

        static Parameter With(Fixtures.FixtureArray gradient) =>
            new(Tensor.Zeros(gradient.Shape, DType.Float64)) { Grad = Tensor.From(gradient.Values, gradient.Count).Reshape(gradient.Shape) };
    }

    [Fact]
    public void ClipValueCutsBothEnds()
    {
        var parameter = new Parameter(Tensor.Zeros(3)) { Grad = Tensor.From([-5f, 0.5f, 5f], 3) };
        Gradients.ClipValue([parameter], 1);
        Assert.Equal([-1f, 0.5f, 1f], parameter.Grad.ToArray<float>());
    }

    /// <summary>The minimum of 1/2n |y - Xw|² + lasso |w|₁ + ridge/2 |w|², by the proximal gradient method.</summary>
    private static double[] Fit(double lasso, double ridge)
    {
        var data = Datasets.Diabetes().ToBatch();
        var (x, y) = (Standardised(data.Inputs), Standardised(data.Targets));
        var w = new Parameter(Tensor.Zeros(Shape.Create(10, 1), DType.Float64));
        var optimizer = new Sgd([w], 0.2);
        var shrink = new ProximalLasso(optimizer, lasso);
        for (int step = 0; step < 4_000; step++)
        {
            optimizer.ZeroGrad();
            ((x.MatMul(w) - y).Square().Mean() / 2 + w.Square().Sum() * (ridge / 2)).Backward();
            optimizer.Step();
            shrink.Step();
        }
        return w.ToArray<double>();
    }

    private static Tensor Standardised(Tensor values)
    {
        values = values.Cast(DType.Float64);
        return (values - values.Mean([0], keepAxes: true)) / values.Std([0], correction: 0, keepAxes: true);
    }
}
