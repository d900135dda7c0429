namespace Cajal.Cli;

/// <summary>The files of a run, as absolute paths.</summary>
internal sealed record RunPaths(string Stem)
{
    internal string Model => Stem + ".safetensors";

    internal string Checkpoint => Stem + ".checkpoint";

    internal string Record => Stem + ".json";

    internal string Png => Stem + ".png";

    internal string Svg => Stem + ".svg";

    internal static RunPaths Of(RunPlan plan, string folder) => new(Path.Combine(Files.Folder(folder), $"{plan.Data}-{plan.Model}-{plan.Seed}"));
}
