using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cajal;

/// <summary>How to make a module: the constructor call, and those of the modules it takes, as JSON. It holds no weights.</summary>
public sealed class ModuleDescription
{
    /// <summary>Deep enough for any network, shallow enough for any stack.</summary>
    private const int DeepestNesting = 256;

    private readonly JsonObject root;

    private ModuleDescription(JsonObject root) => this.root = root;

    /// <summary>The registered name of the outermost module's type.</summary>
    public string Type => root["type"] is JsonValue value && value.TryGetValue(out string? name) ? name : "";

    /// <summary>The arguments of the outermost constructor call.</summary>
    internal JsonObject Arguments => root["arguments"] as JsonObject ?? [];

    /// <summary>Reads a description.</summary>
    /// <exception cref="InvalidDataException">The text is not a description.</exception>
    public static ModuleDescription Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = DeepestNesting, AllowDuplicateProperties = false };
            return JsonNode.Parse(json, null, options) is JsonObject root
                ? new(root)
                : throw new InvalidDataException("A module's description must be a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"A module's description is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>Makes the module, with fresh weights.</summary>
    /// <exception cref="InvalidDataException">A type is unknown, or an argument is missing or of the wrong kind.</exception>
    public Module Build() => DescriptionReader.Build(root, []);

    /// <summary>The description as one line of JSON.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) root.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <inheritdoc cref="ToJson"/>
    public override string ToString() => ToJson();

    internal static ModuleDescription? Of(Module module, out string? reason)
    {
        var described = new Dictionary<Module, JsonObject>(ReferenceEqualityComparer.Instance);
        var node = DescriptionWriter.Describe(module, described, out reason);
        // Through text, so that values read the same whether or not they have been in a file.
        return node is null ? null : Parse(new ModuleDescription(node).ToJson());
    }
}
