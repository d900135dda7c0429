using System.Text.Json;

namespace Cajal.Models;

/// <summary>Turns text into tokens and back. <c>Decode(Encode(text))</c> is the text.</summary>
public abstract class TextTokenizer
{
    private const int LargestFile = 64 << 20;

    /// <summary>How many tokens there are: 0 ... Count - 1.</summary>
    public abstract int Count { get; }

    /// <summary>The tokens of a text.</summary>
    /// <exception cref="ArgumentException">The text holds something that has no token.</exception>
    public abstract int[] Encode(string text);

    /// <summary>The text of tokens.</summary>
    /// <exception cref="ArgumentException">A token is not in 0 ... Count - 1.</exception>
    public abstract string Decode(ReadOnlySpan<int> tokens);

    /// <summary>Writes it as a JSON file, whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes it as JSON.</summary>
    public void Save(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        Write(json);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Save(string)"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a tokenizer.</exception>
    public static TextTokenizer Load(string path)
    {
        byte[] content = ReadBounded(path);
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException("it is no JSON object");
            return Text(root, "type") switch
            {
                CharTokenizer.TypeName => CharTokenizer.Read(root),
                BytePairTokenizer.TypeName => BytePairTokenizer.Read(root),
                Gpt2Tokenizer.TypeName => Gpt2Tokenizer.Read(root),
                var other => throw new FormatException($"the type \"{other}\" is not known; it must be {CharTokenizer.TypeName}, {BytePairTokenizer.TypeName} or {Gpt2Tokenizer.TypeName}"),
            };
        }
        catch (Exception problem) when (problem is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: this is not a tokenizer that Cajal wrote: {problem.Message.TrimEnd('.')}.", problem);
        }
    }

    private protected abstract void Write(Utf8JsonWriter json);

    /// <summary>The same error for every kind.</summary>
    private protected ArgumentException NoSuch(int token) => new($"{GetType().Name}: there is no token {token}; they run from 0 to {Count - 1}.");

    internal static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"the text \"{name}\" is missing");

    /// <summary>The bytes of a file that is not larger than a tokenizer can be.</summary>
    private protected static byte[] ReadBounded(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > LargestFile) throw new InvalidDataException($"{path}: a tokenizer of {stream.Length:N0} bytes is too large; the limit is {LargestFile:N0}.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
