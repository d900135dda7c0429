using System.Text.Json;

namespace Cajal.Keras;

/// <summary>What the configuration of a Keras model, kept beside its weights, says of its layers.</summary>
internal sealed class KerasConfig
{
    private const int Deepest = 64;

    private readonly Dictionary<string, (string Class, bool? ResetAfter)> layers = new(StringComparer.Ordinal);

    /// <summary>Whether images have their channels first.</summary>
    internal bool ChannelsFirst { get; private set; }

    /// <summary>Reads a configuration; null where the text is none, since weights can be read without.</summary>
    internal static KerasConfig? Parse(string? json)
    {
        if (json is null) return null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Deepest });
            var config = new KerasConfig();
            config.Visit(document.RootElement);
            return config;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What a layer is, by its class as words; null where the configuration does not name it.</summary>
    internal string? KindOf(string layer)
    {
        if (!layers.TryGetValue(layer, out var known)) return null;
        return KerasUnit.Words(known.Class);
    }

    /// <inheritdoc cref="KerasUnit.ResetAfter"/>
    internal bool? ResetAfter(string layer) => layers.TryGetValue(layer, out var known) ? known.ResetAfter : null;

    private void Visit(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Visit(item);
        }
        if (element.ValueKind != JsonValueKind.Object) return;
        if (element.TryGetProperty("class_name", out var type) && type.ValueKind == JsonValueKind.String
            && element.TryGetProperty("config", out var config) && config.ValueKind == JsonValueKind.Object)
        {
            if (config.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
                layers.TryAdd(name.GetString()!, (type.GetString()!, Flag(config, "reset_after")));
            if (config.TryGetProperty("data_format", out var format) && format.ValueKind == JsonValueKind.String && format.GetString() == "channels_first") ChannelsFirst = true;
        }
        foreach (var property in element.EnumerateObject()) Visit(property.Value);
    }

    private static bool? Flag(JsonElement config, string name) =>
        config.TryGetProperty(name, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.ValueKind == JsonValueKind.True : null;
}
