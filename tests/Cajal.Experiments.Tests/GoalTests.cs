using System.Text.Json;

namespace Cajal.Experiments.Tests;

/// <summary>Goals, and how a run is compared with them.</summary>
public sealed class GoalTests
{
    private static readonly Goal Accuracy = Goal.AtLeast("accuracy", 0.9, "accuracy on held-out images", quick: 0.5, format: "0.0 %");
    private static readonly Goal Error = Goal.AtMost("error", 0.01, "mean squared error");

    [Fact]
    public void ABoundIsMetOnItsOwnSideOnly()
    {
        Assert.True(Accuracy.IsMet(0.9, quick: false));
        Assert.False(Accuracy.IsMet(0.89, quick: false));
        Assert.True(Accuracy.IsMet(0.5, quick: true));
        Assert.True(Error.IsMet(0.01, quick: false));
        Assert.False(Error.IsMet(0.02, quick: false));
        Assert.False(Error.IsMet(double.NaN, quick: false));
        Assert.True(Error.IsMet(double.NaN, quick: true));
    }

    [Fact]
    public void GoalsAreWrittenAsTheirFiguresAre()
    {
        Assert.Equal("≥ 90.0 %", Accuracy.Expected(quick: false));
        Assert.Equal("≤ 0.010", Error.Expected(quick: false));
        Assert.Equal("-", Error.Expected(quick: true));
        Assert.Equal("not measured", Error.Text(double.NaN));
    }

    [Fact]
    public void SeedsAreAveragedAndRecorded()
    {
        string folder = Directory.CreateTempSubdirectory("cajal").FullName;
        try
        {
            var result = new ExperimentRunner(new Silence()).Run(new Parabola(), folder, seed: 4, seeds: 3);
            Assert.Equal([4, 5, 6], result.Seeds.Select(seed => seed.Seed));
            Assert.Equal((5.0, 4.0, 6.0, true), (result.Goals[0].Mean, result.Goals[0].Least, result.Goals[0].Most, result.Goals[0].IsMet));
            Assert.False(result.Goals[1].IsMet); // never reported
            Assert.False(result.IsMet);
            Assert.True(File.Exists(Path.Combine(folder, "seed-5", "line.svg")));
            using var record = JsonDocument.Parse(File.ReadAllBytes(result.Record));
            Assert.Equal(3, record.RootElement.GetProperty("seeds").GetArrayLength());
            Assert.Equal("5.0", record.RootElement.GetProperty("goals")[0].GetProperty("measured").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TheAmbientGeneratorIsSeeded()
    {
        string folder = Directory.CreateTempSubdirectory("cajal").FullName;
        try
        {
            double[] Draws(int seed) => [.. new ExperimentRunner(new Silence()).Run(new Parabola(), folder, seed).Seeds.Select(s => s.Figures["draw"])];
            Assert.Equal(Draws(1), Draws(1));
            Assert.NotEqual(Draws(1), Draws(2));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Parabola : Experiment
    {
        public override string Name => "parabola";

        public override string Summary => "reports its seed";

        public override string Source => "this test";

        public override IReadOnlyList<Goal> Goals { get; } = [Goal.AtLeast("seed", 5, "the seed", format: "0.0"), Error];

        public override void Run(Trial trial)
        {
            trial.Figure("seed", trial.Seed);
            trial.Figure("draw", Generator.Current.NextUniform());
            var plot = Chart.New("parabola", "x", "y");
            plot.Line("x²", [0, 1, 2], [0, 1, 4]);
            trial.Picture("line", plot);
        }
    }
}
