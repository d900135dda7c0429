using System.Reflection;

namespace Cajal.Tests.Fixtures;

/// <summary>No case that another program computed lies idle: each is the row of some theory, or called by its name.</summary>
public class FixtureCoverageTests
{
    /// <summary>Compared by tests that name them one by one: InitialiseTests and RegularisationTests.</summary>
    private static readonly string[] CalledByName = ["Gain", "DefaultBound", "ClipGradNorm"];

    [Fact]
    public void EveryCaseIsComparedSomewhere()
    {
        var rows = typeof(FixtureCoverageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(property => property.PropertyType == typeof(TheoryData<string>))
            .SelectMany(property => (TheoryData<string>)property.GetValue(null)!)
            .Select(row => row.Data)
            .ToHashSet();
        string[] idle = [.. FixtureFile.AllCases.Where(fixture => !rows.Contains(fixture.Name) && !CalledByName.Contains(fixture.Op)).Select(fixture => fixture.Name)];
        Assert.True(idle.Length == 0, $"{idle.Length} cases are compared by no test: {string.Join(", ", idle.Take(20))}");
        Assert.True(FixtureFile.AllCases.Count() > 1300, $"only {FixtureFile.AllCases.Count()} cases were read");
    }
}
