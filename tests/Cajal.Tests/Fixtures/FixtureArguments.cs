using System.Text.Json;

namespace Cajal.Tests.Fixtures;

/// <summary>The attributes of a case, such as <c>stride</c> or <c>reduction</c>, read by kind.</summary>
public sealed class FixtureArguments(string caseName, JsonElement element)
{
    public IEnumerable<string> Names => element.EnumerateObject().Select(p => p.Name);

    /// <summary>Present and not null.</summary>
    public bool Has(string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public int Int(string name) => Read(name, "an integer", v => v.GetInt32());

    public int Int(string name, int fallback) => Has(name) ? Int(name) : fallback;

    public double Double(string name) => Read(name, "a number", FixtureFile.ReadDouble);

    public double Double(string name, double fallback) => Has(name) ? Double(name) : fallback;

    public bool Bool(string name) => Read(name, "true or false", v => v.GetBoolean());

    public bool Bool(string name, bool fallback) => Has(name) ? Bool(name) : fallback;

    public string String(string name) => Read(name, "a string", v => v.GetString()!);

    public string String(string name, string fallback) => Has(name) ? String(name) : fallback;

    public int[] Ints(string name) => Read(name, "a list of integers", ReadInts);

    /// <summary>The list, or null where the case does not give one, which for <c>axes</c> means every axis.</summary>
    public int[]? IntsOrNull(string name) => Has(name) ? Ints(name) : null;

    public double[] Doubles(string name) =>
        Read(name, "a list of numbers", v => v.EnumerateArray().Select(FixtureFile.ReadDouble).ToArray());

    /// <summary>A list of lists, such as <c>pads</c> or <c>ranges</c>.</summary>
    public int[][] IntLists(string name) =>
        Read(name, "a list of lists of integers", v => v.EnumerateArray().Select(row => ReadInts(row)).ToArray());

    public override string ToString() => element.GetRawText();

    private static int[] ReadInts(JsonElement value) => value.EnumerateArray().Select(e => e.GetInt32()).ToArray();

    private T Read<T>(string name, string kind, Func<JsonElement, T> read)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            throw new FixtureException($"Fixture {caseName} has no argument \"{name}\"; it has {FixtureFile.List(Names)}.");
        }

        try
        {
            return read(value);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or FixtureException)
        {
            throw new FixtureException($"Fixture {caseName}: argument \"{name}\" must be {kind}, but is {value.GetRawText()}.", e);
        }
    }
}
