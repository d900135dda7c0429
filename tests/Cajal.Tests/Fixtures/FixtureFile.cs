using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace Cajal.Tests.Fixtures;

/// <summary>
/// A family of cases, read from the JSON file of that name, which is embedded in this assembly and written by <c>generate.py</c>.
/// </summary>
public sealed class FixtureFile
{
    private const string Prefix = "fixtures/";
    private const string Suffix = ".json";

    private static readonly Assembly Home = typeof(FixtureFile).Assembly;

    /// <summary>Every family there is, such as <c>reductions</c>.</summary>
    public static IReadOnlyList<string> Families { get; } =
        [.. Home.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal)];

    private static readonly ConcurrentDictionary<string, Lazy<FixtureFile>> Opened = new();
    private static readonly Lazy<ILookup<string, FixtureCase>> ByOp = new(() => AllCases.ToLookup(c => c.Op));
    private static readonly Lazy<Dictionary<string, FixtureCase>> ByName = new(() => AllCases.ToDictionary(c => c.Name));

    private FixtureFile(string family, IReadOnlyList<FixtureCase> cases)
    {
        Family = family;
        Cases = cases;
    }

    /// <summary>The cases of every family.</summary>
    public static IEnumerable<FixtureCase> AllCases => Families.SelectMany(f => Open(f).Cases);

    public string Family { get; }

    public IReadOnlyList<FixtureCase> Cases { get; }

    /// <summary>The names of the operations in this file, each once, in the order of the file.</summary>
    public IEnumerable<string> Ops => Cases.Select(c => c.Op).Distinct();

    /// <summary>Reads a family; the second call gives the same object.</summary>
    public static FixtureFile Open(string family) => Opened.GetOrAdd(family, name => new(() => Parse(Load(name)))).Value;

    /// <summary>The cases of one operation; asking for one without cases is an error, so that a misspelt name cannot pass a test.</summary>
    public static IReadOnlyList<FixtureCase> CasesOf(string op)
    {
        FixtureCase[] cases = [.. ByOp.Value[op]];
        return cases.Length > 0
            ? cases
            : throw new FixtureException($"No fixture has the op \"{op}\"; the ops are {List(ByOp.Value.Select(g => g.Key))}.");
    }

    /// <summary>The case of that full name, such as <c>Sum/all</c>.</summary>
    public static FixtureCase Case(string name) => ByName.Value.TryGetValue(name, out var found)
        ? found
        : throw new FixtureException($"No fixture is called \"{name}\".");

    /// <summary>Case names for <c>[MemberData]</c>: small strings, which a test explorer can list and rerun one by one.</summary>
    public static TheoryData<string> NamesOf(params string[] ops) => [.. ops.SelectMany(CasesOf).Select(c => c.Name)];

    internal static FixtureFile Parse(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new FixtureException($"A fixture file is not JSON: {e.Message}", e);
        }

        using (document)
        {
            var root = document.RootElement;
            var family = Text(root, "family", "A fixture file");
            return new(family, [.. Member(root, "cases", family).EnumerateArray().Select(e => ReadCase(family, e))]);
        }
    }

    /// <summary>JSON has no NaN or infinity, so they are the strings "NaN", "Infinity" and "-Infinity".</summary>
    internal static double ReadDouble(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return value.GetDouble();
        }

        return value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new FixtureException($"\"{other}\" is not a number."),
        };
    }

    internal static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } joined ? joined : "nothing";

    private static byte[] Load(string family)
    {
        using var stream = Home.GetManifestResourceStream(Prefix + family + Suffix)
            ?? throw new FixtureException($"No fixture family is called \"{family}\"; there are {List(Families)}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static FixtureCase ReadCase(string family, JsonElement element)
    {
        var op = Text(element, "op", $"A case of {family}");
        var name = Text(element, "name", $"A case of {family}");

        FixtureArrays Section(string section) => ReadArrays(name, section, element);

        return new(
            op,
            name,
            new FixtureArguments(name, Member(element, "args", name).Clone()),
            Section("inputs"),
            Section("state"),
            Section("outputs"),
            Section("stateAfter"),
            Section("upstream"),
            Section("grads"));
    }

    private static FixtureArrays ReadArrays(string caseName, string section, JsonElement element)
    {
        var owner = $"Fixture {caseName}, {section},";
        List<KeyValuePair<string, FixtureArray>> items = [];
        if (element.TryGetProperty(section, out var arrays))
        {
            foreach (var property in arrays.EnumerateObject())
            {
                try
                {
                    items.Add(new(property.Name, ReadArray(property.Value)));
                }
                catch (Exception e) when (e is InvalidOperationException or FormatException or FixtureException)
                {
                    throw new FixtureException($"{owner} \"{property.Name}\": {e.Message}", e);
                }
            }
        }

        return new(owner, items);
    }

    private static FixtureArray ReadArray(JsonElement element)
    {
        var dtype = Text(element, "dtype", "An array");
        int[] shape = [.. Member(element, "shape", "An array").EnumerateArray().Select(e => e.GetInt32())];
        var values = Member(element, "values", "An array").EnumerateArray();
        return dtype switch
        {
            "float64" => FixtureArray.OfDoubles(shape, [.. values.Select(ReadDouble)]),
            "int64" or "bool" => FixtureArray.OfIntegers(dtype, shape, [.. values.Select(e => e.GetInt64())]),
            _ => throw new FixtureException($"The dtype \"{dtype}\" is not one of float64, int64, bool."),
        };
    }

    private static JsonElement Member(JsonElement element, string name, string owner) =>
        element.TryGetProperty(name, out var value) ? value : throw new FixtureException($"{owner} has no \"{name}\".");

    private static string Text(JsonElement element, string name, string owner) =>
        Member(element, name, owner).GetString() ?? throw new FixtureException($"{owner}: \"{name}\" is null.");
}
