using System.Text.Json;

// Commands set the process-wide seed and number of threads, as a command line may.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Cajal.Cli.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every line of standard output as JSON; fails if one is not.</summary>
    internal JsonElement[] Json => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    internal JsonElement Event(string name) => Json.Single(line => line.GetProperty("event").GetString() == name);
}

/// <summary>Runs commands in this process, in a folder of its own.</summary>
internal sealed class Cli : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("cajal-cli-").FullName;

    internal static Outcome Run(params string[] arguments) => Run(live: false, colours: false, 80, arguments);

    internal static Outcome Run(bool live, bool colours, int width, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = CommandLine.Run(arguments, new Terminal(output, error, live, live, width, colours));
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Trains into this folder with NDJSON and gives the outcome.</summary>
    internal Outcome Train(params string[] arguments) => Run(["train", .. arguments, "--out", Folder, "--json"]);

    internal string File(string name, string? text = null)
    {
        string path = Path.Combine(Folder, name);
        if (text is not null) System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
