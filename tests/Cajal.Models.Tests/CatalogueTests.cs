namespace Cajal.Models.Tests;

/// <summary>What every listed architecture can do.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Names => [.. ModelCatalogue.All.Select(entry => entry.Name)];

    [Fact]
    public void NamesDiffer() => Assert.Distinct(ModelCatalogue.All.Select(entry => entry.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void SavedAndReloadedWithoutCode(string name)
    {
        const int Large = 5_000_000;
        var net = ModelCatalogue.All.Single(entry => entry.Name == name).Build();
        if (net.ParameterCount > Large) return; // the description is the same; hundreds of megabytes would only test the disk
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.safetensors");
        try
        {
            net.Save(path);
            var again = Module.Load(path);
            Assert.Equal(net.ToString(), again.ToString());
            var (before, after) = (net.StateDict(), again.StateDict());
            Assert.Equal(before.Keys, after.Keys);
            foreach (string key in before.Keys) Assert.True(before[key].AllClose(after[key], 0, 0), key);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SaysWhatItIs(string name)
    {
        var entry = ModelCatalogue.All.Single(entry => entry.Name == name);
        Assert.NotEmpty(entry.Summary);
        Assert.NotEmpty(entry.Source);
        Assert.Contains("→", entry.Shape);
        Assert.Contains("parameters", entry.Build().ToString());
    }
}
