namespace Cajal.Experiments.Tests;

/// <summary>Walks between noises.</summary>
public sealed class ArcTests
{
    [Fact]
    public void AnArcStaysOnTheSphereAndTakesEvenSteps()
    {
        var arc = DigitImages.Arc(Tensor.From([2.0, 0], 2), Tensor.From([0, 2.0], 2), 4);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(2 * Math.Cos(Math.PI / 6 * i), arc[i, 0].Item(), 1e-6);
            Assert.Equal(2 * Math.Sin(Math.PI / 6 * i), arc[i, 1].Item(), 1e-6);
        }
    }

    [Fact]
    public void CurvesAreMeansOverStretches()
    {
        var (steps, means) = GanPictures.Smooth([.. Enumerable.Range(1, 240).Select(i => (double)i)]);
        Assert.Equal(120, means.Length);
        Assert.Equal((1.5, 1.5, 239.5, 239.5), (steps[0], means[0], steps[^1], means[^1]));
        Assert.Equal([7.0, 9], GanPictures.Smooth([7, 9]).Means);
    }
}
