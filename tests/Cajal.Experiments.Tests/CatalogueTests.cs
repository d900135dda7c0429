namespace Cajal.Experiments.Tests;

/// <summary>What every experiment says of itself. That each reaches its figures with --quick is checked by the command, compiled for speed: see .ci/run.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Names => [.. ExperimentCatalogue.All.Select(experiment => experiment.Name)];

    [Fact]
    public void NamesDiffer() => Assert.Distinct(ExperimentCatalogue.All.Select(experiment => experiment.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void SaysWhatItMustShow(string name)
    {
        var experiment = ExperimentCatalogue.Find(name)!;
        Assert.Matches("^[a-z][a-z0-9-]*$", name);
        Assert.NotEmpty(experiment.Summary);
        Assert.NotEmpty(experiment.Source);
        Assert.Contains(experiment.Goals, goal => goal.QuickBound is not null);
        Assert.Distinct(experiment.Goals.Select(goal => goal.Name));
        Assert.All(experiment.Goals, goal => Assert.Matches("^[a-z][a-z0-9_]*$", goal.Name));
    }
}
