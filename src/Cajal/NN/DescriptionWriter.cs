using System.Globalization;
using System.Text.Json.Nodes;

namespace Cajal;

/// <summary>Takes down the constructor call that would make a module. Generated code calls it, argument by argument.</summary>
public sealed class DescriptionWriter
{
    /// <summary>The nodes of the modules described so far, to recognise one that is shared; null when only the text of one module is wanted.</summary>
    private readonly Dictionary<Module, JsonObject>? described;
    private readonly JsonObject arguments = [];

    internal DescriptionWriter(Dictionary<Module, JsonObject>? described) => this.described = described;

    /// <summary>The arguments that differ from their defaults as C# would write them, modules aside.</summary>
    internal List<string> Text { get; } = [];

    /// <summary>Why there is no description, as the end of a sentence; null while all is well.</summary>
    internal string? Reason { get; private set; }

    /// <summary>The name under which the module's type is registered.</summary>
    internal string? TypeName { get; private set; }

    /// <summary>Names the module's type.</summary>
    public void Type(string name) => TypeName = name;

    /// <summary>Gives up: the module cannot be described because ...</summary>
    public void Impossible(string reason) => Reason ??= reason;

    /// <summary>Writes a truth value.</summary>
    public void Value(string name, bool? value, bool isDefault = false) =>
        Add(name, value is { } v ? JsonValue.Create(v) : null, value is { } t ? (t ? "true" : "false") : "null", isDefault);

    /// <summary>Writes a whole number.</summary>
    public void Value(string name, long? value, bool isDefault = false) =>
        Add(name, value is { } v ? JsonValue.Create(v) : null, value?.ToString(CultureInfo.InvariantCulture) ?? "null", isDefault);

    /// <summary>Writes a real number.</summary>
    public void Value(string name, float? value, bool isDefault = false) =>
        Add(name, value is { } v ? Number(v, float.IsFinite(v) ? JsonValue.Create(v) : null) : null, value is { } t ? Invariant(t) : "null", isDefault);

    /// <summary>Writes a real number.</summary>
    public void Value(string name, double? value, bool isDefault = false) =>
        Add(name, value is { } v ? Number(v, double.IsFinite(v) ? JsonValue.Create(v) : null) : null, value is { } t ? Invariant(t) : "null", isDefault);

    /// <summary>Writes a text, or the name of an enum value.</summary>
    public void Value(string name, string? value, bool isDefault = false) =>
        Add(name, value is null ? null : JsonValue.Create(value), value is null ? "null" : $"\"{value}\"", isDefault);

    /// <summary>Writes a number for each spatial axis: a number if it is one for all, else a list; null if none was given.</summary>
    public void PerAxis(string name, PerAxis value, bool isDefault = false)
    {
        int[] given = value.ToArray();
        Add(name, given.Length switch { 0 => null, 1 => JsonValue.Create(given[0]), _ => new JsonArray([.. given.Select(one => (JsonNode)JsonValue.Create(one))]) }, value.ToString(), isDefault);
    }

    /// <summary>Writes the name of an enum value.</summary>
    public void Name(string name, string? value, bool isDefault = false) =>
        Add(name, value is null ? null : JsonValue.Create(value), value ?? "null", isDefault);

    /// <summary>Writes a list of whole numbers.</summary>
    public void Integers(string name, IEnumerable<int>? values, bool isDefault = false)
    {
        var list = values is null ? null : new JsonArray([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);
        Add(name, list, list is null ? "null" : $"[{string.Join(", ", list)}]", isDefault);
    }

    /// <summary>Writes a module.</summary>
    public void Module(string name, Module? module)
    {
        if (described is not null) arguments[name] = Describe(name, module);
    }

    /// <summary>Writes a list of modules.</summary>
    public void Modules(string name, IEnumerable<Module?>? modules)
    {
        if (described is not null) arguments[name] = modules is null ? null : new JsonArray([.. modules.Select(module => Describe(name, module))]);
    }

    /// <summary>Describes a whole tree of modules; null, with the reason, if one of them cannot be.</summary>
    internal static JsonObject? Describe(Module module, Dictionary<Module, JsonObject> described, out string? reason)
    {
        var node = new JsonObject();
        described.Add(module, node);
        var writer = new DescriptionWriter(described);
        module.WriteTo(writer);
        reason = writer.Reason;
        if (reason is null && (writer.TypeName is null || !ModuleRegistry.IsRegistered(writer.TypeName, module.GetType())))
            reason = "its class is not partial, or was compiled without Cajal's source generator";
        if (reason is not null) return null;
        node["type"] = writer.TypeName;
        node["arguments"] = writer.arguments;
        return node;
    }

    private JsonObject? Describe(string argument, Module? module)
    {
        if (module is null) return null;
        if (described!.TryGetValue(module, out var known))
        {
            // Shared: the first mention gets a number, later ones refer to it.
            int id = known["id"]?.GetValue<int>() ?? described.Values.Count(node => node.ContainsKey("id"));
            known["id"] = id;
            return new JsonObject { ["shared"] = id };
        }
        var node = Describe(module, described, out string? reason);
        if (reason is not null) Impossible($"{module.GetType().Name}, among its {argument}, cannot: {reason}");
        return node;
    }

    private void Add(string name, JsonNode? value, string text, bool isDefault)
    {
        arguments[name] = value;
        if (!isDefault) Text.Add($"{name}: {text}");
    }

    /// <summary>JSON has no NaN and no infinities: they become texts.</summary>
    private static JsonValue Number(double value, JsonValue? finite) => finite ?? JsonValue.Create(Invariant(value));

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(float value) => value.ToString(CultureInfo.InvariantCulture);
}
