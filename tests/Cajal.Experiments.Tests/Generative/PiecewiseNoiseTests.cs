namespace Cajal.Experiments.Tests.Generative;

/// <summary>Noise in pieces.</summary>
public sealed class PiecewiseNoiseTests
{
    [Fact]
    public void OneNumberSaysWhichPieceAndTheRestIsNormal()
    {
        using var _ = new Generator(1).Use();
        var noise = new PiecewiseNoise(latent: 64);
        var some = noise.Draw(2000);
        Assert.Equal(Shape.Create(2000, 64), some.Shape);
        var (which, rest) = (some.Narrow(1, 0, PiecewiseNoise.Pieces), some.Narrow(1, PiecewiseNoise.Pieces, 32));
        Assert.All((which > 0).Cast(DType.Int64).Sum(1).ToArray<long>(), count => Assert.Equal(1, count));
        Assert.Equal(PiecewiseNoise.Pieces, which.ArgMax(1).ToArray<long>().Distinct().Count());
        Assert.InRange(rest.Mean().Item(), -0.02, 0.02);
        Assert.InRange(rest.Var(correction: 0).Item(), 0.97, 1.03);
        Assert.Equal([3L, 0, 31], noise.Of(Tensor.From([3L, 0, 31], 3)).Narrow(1, 0, PiecewiseNoise.Pieces).ArgMax(1).ToArray<long>());
    }
}
