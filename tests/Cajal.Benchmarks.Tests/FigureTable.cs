using System.Globalization;
using System.Text.Json;

namespace Cajal.Benchmarks.Tests;

/// <summary>Figures of named workloads, as the command <c>figures</c> prints them: one JSON object per line, with a field "name".</summary>
internal sealed class FigureTable
{
    /// <summary>By how much allocations may differ: what the framework allocates for itself changes with its patch releases.</summary>
    private const double AllocationTolerance = 0.02;

    private readonly OrderedDictionary<string, JsonElement> rows = [];

    internal FigureTable(string lines)
    {
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            rows.Add(document.RootElement.GetProperty("name").GetString()!, document.RootElement.Clone());
        }
    }

    internal int Count => rows.Count;

    /// <summary>A sentence for every figure that <paramref name="now"/> has otherwise, lacks or adds; empty if there is none.</summary>
    internal IReadOnlyList<string> Differences(FigureTable now)
    {
        var found = new List<string>();
        foreach (string name in rows.Keys.Union(now.rows.Keys))
        {
            if (!now.rows.TryGetValue(name, out var measured)) found.Add($"{name}: is in the table, but no such workload was run");
            else if (!rows.TryGetValue(name, out var known)) found.Add($"{name}: is new; the table does not know it");
            else Compare(name, known, measured, found);
        }
        return found;
    }

    private static void Compare(string name, JsonElement known, JsonElement measured, List<string> found)
    {
        foreach (string figure in known.EnumerateObject().Concat(measured.EnumerateObject()).Select(property => property.Name).Distinct())
        {
            bool before = known.TryGetProperty(figure, out var old), after = measured.TryGetProperty(figure, out var present);
            if (before && after && Agree(figure, old, present)) continue;
            found.Add($"{name}: {figure} was {(before ? Text(old) : "not there")}, is {(after ? Text(present) : "not there")}");
        }
    }

    private static bool Agree(string figure, JsonElement old, JsonElement present) =>
        figure == "allocated" ? Math.Abs(present.GetInt64() - old.GetInt64()) <= AllocationTolerance * old.GetInt64() : JsonElement.DeepEquals(old, present);

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetInt64().ToString("N0", CultureInfo.InvariantCulture) : value.GetRawText();
}
