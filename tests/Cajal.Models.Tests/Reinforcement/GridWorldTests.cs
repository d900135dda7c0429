namespace Cajal.Models.Tests;

/// <summary>Grids whose best values are known, and the table that learns them.</summary>
public sealed class GridWorldTests
{
    [Fact]
    public void TheCliffIsThirteenStepsLong()
    {
        var world = new CliffWalking();
        double[] values = world.ValueIteration(discount: 1);
        Assert.Equal(-13, values[world.StartCell], 1e-9);
        Assert.Equal(-1, values[35], 1e-9);
    }

    [Fact]
    public void TheIceIsCrossedInFourCasesOfFive()
    {
        // Without discount the value of the start is the chance to get across at all: 14/17, from the linear equations of the best policy.
        Assert.Equal(14.0 / 17, new FrozenLake().ValueIteration(discount: 1)[0], 1e-6);
        Assert.Equal(1, new FrozenLake(large: true, isSlippery: false).ValueIteration(discount: 1)[0], 1e-12);
    }

    [Fact]
    public void IceSlipsInThirds()
    {
        var world = new FrozenLake(["FFF", "FSF", "FFG"], isSlippery: true, maxSteps: 0);
        var seen = new float[1];
        world.Reset(1, seen);
        var counts = new int[9];
        for (int i = 0; i < 30_000; i++)
        {
            world.Restart([4], i, seen);
            world.Step(2, seen); // right
            counts[world.Cell]++;
        }
        Assert.Equal(30_000, counts[1] + counts[5] + counts[7]);
        foreach (int cell in new[] { 1, 5, 7 }) Assert.InRange(counts[cell], 9_650, 10_350); // four standard deviations
    }

    [Fact]
    public void ATableLearnsTheEdgeOfTheCliff()
    {
        var world = new CliffWalking();
        var agent = new QLearning(world, discount: 1, learningRate: 0.5, seed: 1);
        double[] returns = agent.Train(500);
        Assert.True(returns[..50].Average() < returns[^50..].Average());
        Assert.Equal([-13.0], AgentEvaluation.Returns(agent, () => new CliffWalking(maxSteps: 100), 1, seed: 0));
        Assert.Equal(-13, agent.Value(world.StartCell), 0.1);
    }

    [Fact]
    public void ATableComesNearTheBestValuesOnIce()
    {
        var world = new FrozenLake();
        double[] best = world.ValueIteration(discount: 0.95);
        var agent = new QLearning(world, discount: 0.95, learningRate: 0.2, seed: 2);
        agent.Train(20_000);
        foreach (int cell in new[] { 0, 4, 8, 9, 14 }) Assert.Equal(best[cell], agent.Value(cell), 0.06);
    }

    [Fact]
    public void MapsAreChecked()
    {
        Assert.Contains("equally long", Assert.Throws<ArgumentException>(() => new FrozenLake(["SF", "G"], true, 0)).Message);
        Assert.Contains("S (once)", Assert.Throws<ArgumentException>(() => new FrozenLake(["SS", "FG"], true, 0)).Message);
        Assert.Contains("S (once)", Assert.Throws<ArgumentException>(() => new FrozenLake(["SX", "FG"], true, 0)).Message);
    }

    [Fact]
    public void ValuesThatDoNotSettleAreReported() =>
        Assert.Contains("a discount below 1 helps", Assert.Throws<InvalidOperationException>(() => new CliffWalking().ValueIteration(discount: 1, maxIterations: 3)).Message);
}
