namespace Cajal.Cli;

/// <summary>The files of a run, as absolute paths.</summary>
internal sealed record RunPaths(string Stem)
{
    private const int LongestName = 40;

    internal string Model => Stem + ".safetensors";

    internal string Checkpoint => Stem + ".checkpoint";

    internal string Record => Stem + ".json";

    internal string Png => Stem + ".png";

    internal string Svg => Stem + ".svg";

    /// <summary>The names tell runs apart by data, target (if it was named), network and seed.</summary>
    internal static RunPaths Of(RunPlan plan, string folder)
    {
        string target = plan.Columns?.Target is { } named ? "-" + Plain(named) : "";
        return new(Path.Combine(Files.Folder(folder), $"{plan.Data}{target}-{plan.Model}-{plan.Seed}"));
    }

    /// <summary>A column's name as part of a file's: letters and digits, the rest as underscores.</summary>
    private static string Plain(string name) => new([.. name.Take(LongestName).Select(c => char.IsLetterOrDigit(c) ? c : '_')]);
}
