namespace Cajal.Models.Tests.Vision;

/// <summary>Key points as heat maps.</summary>
public sealed class HeatmapTests
{
    [Fact]
    public void APointIsFoundAgainToAFractionOfAPixel()
    {
        var points = Tensor.Uniform(Shape.Create(20, 3, 2), 3, 13, generator: new Generator(1));
        var maps = Heatmaps.Of(points, 16, 16, deviation: 1);
        Assert.True(maps.Sum([2, 3]).AllClose(Tensor.Ones(20, 3), 1e-5, 1e-5));
        Assert.True(Heatmaps.Distances(Heatmaps.Points(maps.Log()), points).Max().Item() < 1e-3);
    }

    [Fact]
    public void ColumnsAreXAndRowsAreY()
    {
        var map = Heatmaps.Of(Tensor.From([6.5f, 2.5f], 1, 1, 2), height: 5, width: 9);
        Assert.Equal(2 * 9 + 6, map.Reshape(45).ArgMax().Item<int>());
    }

    [Fact]
    public void OddMapsGivePointsInside()
    {
        // Flat maps, a peak in the corner, logits that overflow when they are added.
        foreach (var logits in new[] { Tensor.Zeros(1, 1, 4, 4), Heatmaps.Of(Tensor.From([-9f, 99f], 1, 1, 2), 4, 4).Log(), Tensor.Arange(16, DType.Float32).Reshape(1, 1, 4, 4) * 1e38 })
            Assert.All(Heatmaps.Points(logits).ToArray<float>(), place => Assert.InRange(place, 0.5f, 3.5f));
    }

    [Fact]
    public void DistancesAreEuclidean() =>
        Assert.Equal([5f, 0f], Heatmaps.Distances(Tensor.From([3f, 4, 1, 1], 1, 2, 2), Tensor.From([0f, 0, 1, 1], 1, 2, 2)).ToArray<float>());

    [Fact]
    public void TheLossIsItsFormula()
    {
        var random = new Generator(2);
        var logits = Tensor.Normal(Shape.Create(2, 2, 4, 5), dtype: DType.Float64, generator: random);
        var points = Tensor.Uniform(Shape.Create(2, 2, 2), 0, 4, DType.Float64, random);
        double sum = 0;
        for (int n = 0; n < 2; n++)
        {
            for (int p = 0; p < 2; p++)
            {
                double heat = 0, mass = 0, weighted = 0;
                for (int row = 0; row < 4; row++)
                {
                    for (int column = 0; column < 5; column++)
                    {
                        double dx = column + 0.5 - points.At(n, p, 0), dy = row + 0.5 - points.At(n, p, 1), h = Math.Exp(-(dx * dx + dy * dy) / (2 * 1.2 * 1.2));
                        heat += h;
                        weighted += h * logits.At(n, p, row, column);
                        mass += Math.Exp(logits.At(n, p, row, column));
                    }
                }
                sum += Math.Log(mass) - weighted / heat;
            }
        }
        var loss = new KeypointLoss(deviation: 1.2);
        Assert.Equal(sum / 4, loss.Forward(logits, points).Item(), 10);
        Assert.True(GradientCheck.First(x => loss.Forward(x[0], points), [logits]).Passes());
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        Assert.Contains("[N, P, 2]", Assert.Throws<ShapeException>(() => Heatmaps.Of(Tensor.Zeros(2, 3), 4, 4)).Message);
        Assert.Contains("[N, P, H, W]", Assert.Throws<ShapeException>(() => Heatmaps.Points(Tensor.Zeros(2, 3))).Message);
        Assert.Contains("needs targets [N, P, 2]", Assert.Throws<ShapeException>(() => new KeypointLoss().Forward(Tensor.Zeros(1, 2, 4, 4), Tensor.Zeros(1, 3, 2))).Message);
        Assert.Contains("same shape", Assert.Throws<ShapeException>(() => Heatmaps.Distances(Tensor.Zeros(1, 3, 2), Tensor.Zeros(2, 3, 2))).Message);
    }
}
