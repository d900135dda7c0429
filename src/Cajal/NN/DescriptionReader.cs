using System.Globalization;
using System.Text.Json.Nodes;

namespace Cajal;

/// <summary>Gives the arguments of one constructor call back. Generated code calls it.</summary>
public sealed class DescriptionReader
{
    private readonly string type;
    private readonly JsonObject arguments;
    private readonly Dictionary<int, Module> shared;

    private DescriptionReader(string type, JsonObject arguments, Dictionary<int, Module> shared)
    {
        this.type = type;
        this.arguments = arguments;
        this.shared = shared;
    }

    /// <summary>Whether the description gives this argument; one written by an older version may not.</summary>
    public bool Has(string name) => arguments.ContainsKey(name);

    /// <summary>Whether the argument is null.</summary>
    public bool IsNull(string name) => Find(name) is null;

    /// <summary>Reads a truth value.</summary>
    public bool Bool(string name) => Get<bool>(name, "true or false");

    /// <summary>Reads a whole number.</summary>
    public int Int32(string name) => Get<int>(name, "a whole number");

    /// <summary>Reads a whole number.</summary>
    public long Int64(string name) => Get<long>(name, "a whole number");

    /// <summary>Reads a real number.</summary>
    public float Single(string name) => IsText(name, out string text) ? (float)Special(name, text) : Get<float>(name, "a number");

    /// <summary>Reads a real number.</summary>
    public double Double(string name) => IsText(name, out string text) ? Special(name, text) : Get<double>(name, "a number");

    /// <summary>Reads a text, or the name of an enum value.</summary>
    public string Text(string name) => Get<string>(name, "a text");

    /// <summary>Reads an enum value that was written as a number because it has no name.</summary>
    public long EnumNumber(string name, string known)
    {
        string text = Text(name);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return number;
        throw Bad($"\"{name}\" is \"{text}\", which is none of {known}{DidYouMean.Hint(text, known.Split(", "))}");
    }

    /// <summary>Reads a list of whole numbers.</summary>
    public int[] Integers(string name) =>
        [.. List(name).Select(item => item is JsonValue value && value.TryGetValue(out int number)
            ? number
            : throw Bad($"\"{name}\" must be a list of whole numbers"))];

    /// <summary>Reads a list of exactly <paramref name="count"/> whole numbers.</summary>
    public int[] Integers(string name, int count)
    {
        int[] values = Integers(name);
        return values.Length == count ? values : throw Bad($"\"{name}\" must be a list of {count} whole numbers, not {values.Length}");
    }

    /// <summary>Reads a number for each spatial axis: one for all, one each, or none.</summary>
    public PerAxis PerAxis(string name)
    {
        var node = Find(name);
        if (node is null) return default;
        int[] values = node is JsonArray ? Integers(name) : [Int32(name)];
        return values.Length is 1 or 2 or 3 ? Cajal.PerAxis.From(values) : throw Bad($"\"{name}\" must be one, two or three whole numbers, not {values.Length}");
    }

    /// <summary>Builds the module that an argument describes.</summary>
    public T Module<T>(string name) where T : Module => As<T>(name, Find(name));

    /// <summary>Builds the modules that an argument describes.</summary>
    public T[] Modules<T>(string name) where T : Module => [.. List(name).Select(item => As<T>(name, item))];

    /// <summary>Builds the module a node describes.</summary>
    internal static Module Build(JsonNode? node, Dictionary<int, Module> shared)
    {
        if (node is not JsonObject description) throw new InvalidDataException("A module's description must be a JSON object.");
        if (description["shared"] is { } reference)
        {
            return reference is JsonValue number && number.TryGetValue(out int id) && shared.TryGetValue(id, out var known)
                ? known
                : throw new InvalidDataException("A module's description refers to a shared module that does not come before it.");
        }
        if (description["type"] is not JsonValue named || !named.TryGetValue(out string? type))
            throw new InvalidDataException("A module's description has no type.");
        var module = Construct(type, description["arguments"] as JsonObject ?? [], shared);
        if (description["id"] is JsonValue own && own.TryGetValue(out int index)) shared[index] = module;
        return module;
    }

    private static Module Construct(string type, JsonObject arguments, Dictionary<int, Module> shared)
    {
        var build = ModuleRegistry.Find(type);
        try
        {
            return build(new(type, arguments, shared));
        }
        catch (Exception error) when (error is not InvalidDataException)
        {
            throw new InvalidDataException($"{type} cannot be built from its description: {error.Message}", error);
        }
    }

    private T As<T>(string name, JsonNode? node) where T : Module
    {
        var module = Build(node, shared);
        return module as T ?? throw Bad($"\"{name}\" must be a {typeof(T).Name}, not a {module.GetType().Name}");
    }

    private JsonNode? Find(string name)
    {
        if (arguments.TryGetPropertyValue(name, out var node)) return node;
        throw Bad($"\"{name}\" is missing{DidYouMean.Hint(name, arguments.Select(argument => argument.Key))}");
    }

    private JsonArray List(string name) => Find(name) as JsonArray ?? throw Bad($"\"{name}\" must be a list");

    private T Get<T>(string name, string expected) =>
        Find(name) is JsonValue value && value.TryGetValue(out T? result) && result is not null ? result : throw Bad($"\"{name}\" must be {expected}");

    private bool IsText(string name, out string text)
    {
        text = "";
        return Find(name) is JsonValue value && value.TryGetValue(out text!);
    }

    /// <summary>JSON has no NaN and no infinities: they are texts.</summary>
    private double Special(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Bad($"\"{name}\" must be a number");

    private InvalidDataException Bad(string what) => new($"The description of {type} is damaged: {what}.");
}
