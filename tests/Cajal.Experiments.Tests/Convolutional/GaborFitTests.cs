namespace Cajal.Experiments.Tests.Convolutional;

/// <summary>Gabor functions are found again; noise is not taken for one.</summary>
public sealed class GaborFitTests
{
    private const int Side = 9;

    [Theory]
    [InlineData(0.3, 0.2, 1.5, 2.0, 0.4)]
    [InlineData(2.0, 0.15, 2.0, 1.2, 2.5)]
    [InlineData(1.2, 0.3, 1.2, 1.6, 0)]
    public void AGaborFunctionIsFoundAgain(double theta, double frequency, double sigmaU, double sigmaV, double phase)
    {
        var filter = new double[Side * Side];
        for (int i = 0; i < filter.Length; i++)
        {
            double x = i % Side - Side / 2 - 0.4, y = i / Side - Side / 2 + 0.7;
            double u = x * Math.Cos(theta) + y * Math.Sin(theta), v = y * Math.Cos(theta) - x * Math.Sin(theta);
            filter[i] = 0.03 * Math.Exp(-u * u / (2 * sigmaU * sigmaU) - v * v / (2 * sigmaV * sigmaV)) * Math.Cos(2 * Math.PI * frequency * u + phase);
        }
        var (explained, fits) = GaborFit.Of(Tensor.From(filter, 1, Side, Side));
        Assert.InRange(explained[0], 0.995, 1);
        double error = 0, power = 0;
        double[] fit = fits.ToArray<double>();
        for (int i = 0; i < filter.Length; i++) (error, power) = (error + (fit[i] - filter[i]) * (fit[i] - filter[i]), power + filter[i] * filter[i]);
        Assert.Equal(explained[0], 1 - error / power, 6);
    }

    [Fact]
    public void NoiseIsNot() => Assert.All(GaborFit.Of(Tensor.Normal([4, Side, Side], generator: new Generator(3))).Explained, share => Assert.InRange(share, 0, 0.6));
}
