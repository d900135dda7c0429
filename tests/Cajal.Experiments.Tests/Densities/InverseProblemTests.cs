namespace Cajal.Experiments.Tests.Densities;

public sealed class InverseProblemTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.02)]
    public void TheTrueDensityIntegratesToOne(double x)
    {
        const int Cells = 5000;
        var t = Tensor.From([.. Enumerable.Range(0, Cells).Select(cell => (cell + 0.5) / Cells)], Cells, 1);
        Assert.Equal(1, InverseProblem.Density(Tensor.Full([Cells, 1], x, DType.Float64), t).Average(), 1e-4);
    }

    [Fact]
    public void ThreeAnswersAreRightInTheMiddle()
    {
        double[] t = [.. Enumerable.Range(0, 101).Select(i => i / 100.0)], density = InverseProblem.Density(Tensor.Full([101, 1], 0.5, DType.Float64), Tensor.From(t, 101, 1));
        Assert.Equal(3, Enumerable.Range(1, 99).Count(i => density[i] > density[i - 1] && density[i] > density[i + 1]));
    }
}
