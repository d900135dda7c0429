using System.Text;

namespace Cajal;

/// <summary>What did not fit when weights were loaded.</summary>
/// <param name="Missing">Keys the module has and the weights lack.</param>
/// <param name="Unexpected">Keys the weights have and the module lacks.</param>
/// <param name="Misshaped">Keys whose shapes differ.</param>
public sealed record LoadReport(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Misshaped)
{
    /// <summary>The part of a checkpoint that was taken, such as <c>model.</c>; empty if the keys fitted as they were.</summary>
    public string Part { get; init; } = "";

    /// <summary>
    /// Names under which the keys that are not known would fit: from the file's key to the module's. They are offered if there are as many of one kind as of the other and their shapes agree one by
    /// one, in the order of both; empty otherwise. To use them: <c>keyMap: key => report.Renames.GetValueOrDefault(key, key)</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether every key was found, and no other.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count + Misshaped.Count == 0;
}

/// <summary>The weights do not fit the module. Nothing was loaded; the message names the keys.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="report">The keys.</param>
public sealed class StateDictException(string message, LoadReport report) : Exception(message)
{
    /// <summary>The keys that did not fit.</summary>
    public LoadReport Report { get; } = report;
}

/// <summary>Words the complaint about weights that do not fit.</summary>
internal static class LoadMessage
{
    private const int Listed = 8;

    /// <summary>How many keys of each kind did not fit.</summary>
    internal static string Counts(LoadReport report)
    {
        var counts = new List<string>();
        if (report.Missing.Count > 0) counts.Add($"{report.Missing.Count} missing");
        if (report.Unexpected.Count > 0) counts.Add($"{report.Unexpected.Count} unexpected");
        if (report.Misshaped.Count > 0) counts.Add($"{report.Misshaped.Count} of the wrong shape");
        return string.Join(", ", counts);
    }

    internal static string Of(string module, LoadReport report, Func<string, Shape> needed, Func<string, Shape> given)
    {
        var text = new StringBuilder($"These weights do not fit {module}: {Counts(report)}. Nothing was loaded.");
        List(text, report.Missing, key => $"missing: \"{key}\" {needed(key)}");
        List(text, report.Unexpected, key => $"unexpected: \"{key}\" {given(key)}{DidYouMean.Hint(key, report.Missing)}");
        List(text, report.Misshaped, key => $"wrong shape: \"{key}\" is {given(key)}, but the module needs {needed(key)}");
        if (CommonPrefix(report) is { } prefix) text.Append($"\n  All unexpected keys begin with \"{prefix}\": pass keyMap: key => key[{prefix.Length}..].");
        else if (report.Renames.Count > 0) Offer(text, report.Renames);
        else if (report.Misshaped.Count == 0) text.Append("\n  Pass strict: false to load the keys that fit, or a keyMap to rename them.");
        return text.ToString();
    }

    /// <summary>Which missing key each unexpected one could be, by order and shape; nothing if that does not come out even.</summary>
    internal static IReadOnlyDictionary<string, string> Renames(LoadReport report, Func<string, Shape> needed, Func<string, Shape> given)
    {
        bool even = report.Misshaped.Count == 0 && report.Missing.Count > 0 && report.Missing.Count == report.Unexpected.Count && report.Missing.Zip(report.Unexpected).All(pair => needed(pair.First) == given(pair.Second));
        return even ? report.Unexpected.Zip(report.Missing).ToDictionary(pair => pair.First, pair => pair.Second) : new Dictionary<string, string>();
    }

    private static void Offer(StringBuilder text, IReadOnlyDictionary<string, string> renames)
    {
        var (from, to) = renames.First();
        text.Append($"\n  In order and shape they agree, as in \"{from}\" -> \"{to}\": catch the exception as error and pass keyMap: key => error.Report.Renames.GetValueOrDefault(key, key).");
    }

    private static void List(StringBuilder text, IReadOnlyList<string> keys, Func<string, string> line)
    {
        foreach (string key in keys.Take(Listed)) text.Append("\n  ").Append(line(key));
        if (keys.Count > Listed) text.Append($"\n  ... and {keys.Count - Listed} more");
    }

    /// <summary>A first part such as "model." that stands before every key, and without which they would fit.</summary>
    private static string? CommonPrefix(LoadReport report)
    {
        if (report.Unexpected.Count == 0 || report.Unexpected[0].IndexOf('.') is not (> 0 and var dot)) return null;
        string prefix = report.Unexpected[0][..(dot + 1)];
        var missing = report.Missing.ToHashSet();
        return report.Unexpected.All(key => key.StartsWith(prefix, StringComparison.Ordinal) && missing.Contains(key[prefix.Length..])) ? prefix : null;
    }
}
