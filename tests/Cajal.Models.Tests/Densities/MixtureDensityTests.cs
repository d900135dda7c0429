namespace Cajal.Models.Tests.Densities;

public sealed class MixtureDensityTests
{
    private static MixtureDensity Net(int components, int outFeatures)
    {
        using var _ = new Generator(1).Use();
        var net = new MixtureDensity(2, [5], components, outFeatures);
        net.To(DType.Float64);
        return net;
    }

    [Fact]
    public void TheDensityIsTheSumOfItsComponents()
    {
        var net = Net(3, 2);
        Tensor x = Tensor.Uniform([4, 2], -1, 1, DType.Float64, new Generator(2)), y = Tensor.Uniform([4, 2], -1, 1, DType.Float64, new Generator(3));
        var (logWeights, means, logWidths) = net.Mixture(x);
        for (int n = 0; n < 4; n++)
        {
            double density = 0;
            for (int k = 0; k < 3; k++)
            {
                double part = Math.Exp(logWeights.At(n, k));
                for (int d = 0; d < 2; d++)
                {
                    double width = Math.Exp(logWidths.At(n, k, d)), z = (y.At(n, d) - means.At(n, k, d)) / width;
                    part *= Math.Exp(-z * z / 2) / (width * Math.Sqrt(2 * Math.PI));
                }
                density += part;
            }
            Assert.Equal(Math.Log(density), net.LogDensity(x, y).At(n), 1e-10);
        }
        Assert.Equal(-net.LogDensity(x, y).Mean().Item(), net.NegativeLogLikelihood.Forward(net.Forward(x), y).Item(), 1e-12);
    }

    [Fact]
    public void TheDensityIntegratesToOne()
    {
        const int Cells = 4000;
        var net = Net(4, 1);
        var y = Tensor.Linspace(-20, 20, Cells, DType.Float64).Reshape(Cells, 1);
        var x = Tensor.From([0.3, -0.8], 1, 2).Expand(Cells, 2);
        Assert.Equal(1, net.LogDensity(x, y).Exp().Sum().Item() * 40 / (Cells - 1), 1e-6);
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        var net = Net(3, 1);
        var report = GradientCheck.First(v => net.LogDensity(v[0], v[1]), [Tensor.Uniform([3, 2], -1, 1, DType.Float64, new Generator(4)), Tensor.Uniform([3, 1], -1, 1, DType.Float64, new Generator(5))]);
        Assert.True(report.Passes(), report.ToString());
    }

    [Fact]
    public void SamplesHaveTheMomentsOfTheMixture()
    {
        const int Count = 40_000;
        var net = Net(3, 1);
        var x = Tensor.From([0.5, -0.2], 1, 2);
        var (logWeights, means, logWidths) = net.Mixture(x);
        double mean = (logWeights.Exp() * means.Squeeze(2)).Sum().Item(), square = (logWeights.Exp() * (means.Square() + (logWidths * 2).Exp()).Squeeze(2)).Sum().Item();
        var samples = net.Sample(x.Expand(Count, 2), new Generator(6));
        Assert.Equal(Shape.Create(Count, 1), samples.Shape);
        // Five standard errors.
        Assert.Equal(mean, samples.Mean().Item(), 5 * Math.Sqrt((square - mean * mean) / Count));
        Assert.Equal(square, samples.Square().Mean().Item(), 0.1);
        Assert.Contains("y must be [1, 1]", Assert.Throws<ShapeException>(() => net.LogDensity(x, Tensor.Zeros(1, 2))).Message);
    }
}
