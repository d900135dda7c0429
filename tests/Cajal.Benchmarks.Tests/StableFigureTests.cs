using System.Diagnostics;
using System.Text.Json;

namespace Cajal.Benchmarks.Tests;

/// <summary>
/// What a training step allocates, how many buffers it takes, how long its tape is, how many bytes it moves and which kernels the named shapes are given to, compared with the tables in Figures: a change
/// for the worse shows without a clock. There is a table for each width of vectors, since kernels are chosen by it.
/// </summary>
public sealed class StableFigureTests
{
    /// <summary>Set to 1, the tests write what they find into the tables.</summary>
    private const string AcceptVariable = "CAJAL_ACCEPT_FIGURES";

    [Theory]
    [InlineData("avx512", null)]
    [InlineData("avx2", "DOTNET_EnableAVX512")]
    public async Task FiguresAreThoseOfTheTable(string vectors, string? switchedOff)
    {
        // No workload is called so: only the line about the processor is printed.
        using var tier = JsonDocument.Parse(await Measure(switchedOff, "--only", "tier"));
        string found = tier.RootElement.GetProperty("vectors").GetString()!;
        if (found != vectors) Assert.Skip($"This processor runs the kernels for {found}, and there is nothing to compare with the table for {vectors}.");
        string lines = await Measure(switchedOff);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            await File.WriteAllTextAsync(Path.Combine(SourceFolder(), $"{vectors}.jsonl"), lines);
            return;
        }
        var differences = Table(vectors).Differences(new FigureTable(lines));
        Assert.True(differences.Count == 0,
            $"{differences.Count} figures for {vectors} have changed:\n{string.Join('\n', differences)}\nIf that is meant, run the tests of this project once with {AcceptVariable}=1, which rewrites the tables, and commit them.");
    }

    [Fact]
    public void EveryTableKnowsTheSameWorkloads()
    {
        var (wide, narrow) = (Table("avx512"), Table("avx2"));
        Assert.True(wide.Count > 20);
        Assert.DoesNotContain(wide.Differences(narrow), difference => !difference.Contains(": kernels was ") && !difference.Contains(": vectors was ") && !difference.Contains(": allocated was "));
    }

    [Theory]
    [InlineData("""{"name":"a","allocated":1000,"nodes":7,"kernels":["K"]}""", "")]
    [InlineData("""{"name":"a","allocated":1019,"nodes":7,"kernels":["K"]}""", "")]
    [InlineData("""{"name":"a","allocated":1021,"nodes":7,"kernels":["K"]}""", "a: allocated was 1,000, is 1,021")]
    [InlineData("""{"name":"a","allocated":1000,"nodes":8,"kernels":["K"]}""", "a: nodes was 7, is 8")]
    [InlineData("""{"name":"a","allocated":1000,"nodes":7,"kernels":["L"]}""", """a: kernels was ["K"], is ["L"]""")]
    [InlineData("""{"name":"a","allocated":1000,"kernels":["K"]}""", "a: nodes was 7, is not there")]
    [InlineData("""{"name":"b"}""", "a: is in the table, but no such workload was run|b: is new; the table does not know it")]
    public void ADifferenceIsNamedWithBothValues(string now, string expected)
    {
        var table = new FigureTable("""{"name":"a","allocated":1000,"nodes":7,"kernels":["K"]}""");
        Assert.Equal(expected, string.Join('|', table.Differences(new(now))));
    }

    private static FigureTable Table(string vectors)
    {
        using var stream = typeof(StableFigureTests).Assembly.GetManifestResourceStream(vectors)
            ?? throw new FileNotFoundException($"There is no table for {vectors}; run the tests of this project once with {AcceptVariable}=1.");
        using var reader = new StreamReader(stream);
        return new(reader.ReadToEnd());
    }

    /// <summary>Runs the benchmark's command in a process where all code is compiled once, so that allocations do not depend on what the runtime has found worth optimising so far.</summary>
    private static async Task<string> Measure(string? switchedOff, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Cajal.Benchmarks.dll"), "figures", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredCompilation"] = "0";
        // Whoever runs these tests for a narrower tier has switched something off already, and it stays so.
        if (switchedOff is not null) start.Environment[switchedOff] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string lines = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"figures ended with exit code {process.ExitCode}:\n{await errors}");
        return lines;
    }

    private static string SourceFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "Figures");
            if (File.Exists(Path.Combine(folder.FullName, "Cajal.Benchmarks.Tests.csproj"))) return candidate;
        }
        throw new DirectoryNotFoundException("The tests do not lie below their project, so the tables cannot be rewritten.");
    }
}
