namespace Cajal.Tests.Optim;

public class GradientDescentTests
{
    [Fact]
    public void StopsWhenTheObjectiveFailsToDecreaseAndKeepsTheBestPoint()
    {
        // f = p², step 1.05: p ← -1.1 p climbs at once; step 0.3 falls until rounding stops it.
        var p = new Parameter(Tensor.From([1.0], 1));
        var climbing = new GradientDescent(1.05).Minimise([p], () => p.Square().Sum());
        Assert.Equal(DescentEnd.NoDecrease, climbing.End);
        Assert.Equal(0, climbing.Iterations);
        Assert.Equal([1.0], p.ToArray<double>());

        var falling = new GradientDescent(0.3).Minimise([p], () => (p - 2).Square().Sum() + 1);
        Assert.Equal(DescentEnd.NoDecrease, falling.End);
        Assert.Equal(2, p.ToArray<double>()[0], 1e-7);
        Assert.All(falling.Objective.Zip(falling.Objective.Skip(1)), pair => Assert.True(pair.Second < pair.First));
    }

    [Fact]
    public void BacktrackingComesDownFromAnyRate()
    {
        var p = new Parameter(Tensor.From([-1.2, 1.0], 2));
        var result = new GradientDescent(1e3, maxIterations: 20_000, backtracking: true).Minimise([p], () => (100 * (p[1] - p[0].Square()).Square() + (1 - p[0]).Square()));
        Assert.True(result.Value < 1e-6, $"{result.Value} after {result.Iterations}");
    }

    [Fact]
    public void SaysWhyItStopped()
    {
        var p = new Parameter(Tensor.From([0.0], 1));
        Assert.Equal(DescentEnd.Flat, new GradientDescent(1).Minimise([p], () => p.Square().Sum()).End);
        var q = new Parameter(Tensor.From([1.0], 1));
        Assert.Equal(DescentEnd.IterationLimit, new GradientDescent(1e-3, maxIterations: 5).Minimise([q], () => q.Square().Sum()).End);
        var r = new Parameter(Tensor.From([1.0], 1));
        Assert.Equal(DescentEnd.Diverged, new GradientDescent(3).Minimise([r], () => r.Log().Sum()).End);
        Assert.Equal([1.0], r.ToArray<double>());
        var nan = new Parameter(Tensor.From([double.NaN], 1));
        Assert.Contains("the objective is NaN at the start", Assert.Throws<DivergenceException>(() => new GradientDescent(1).Minimise([nan], () => nan.Sum())).Message, StringComparison.Ordinal);
    }
}
