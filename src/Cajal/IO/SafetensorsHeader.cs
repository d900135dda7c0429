using System.Buffers.Binary;
using System.Text.Json;

namespace Cajal;

/// <summary>One tensor in a safetensors file, and where its bytes begin after the header.</summary>
internal sealed record SafetensorsEntry(string Name, string StoredType, Shape Shape, long Offset, long Length) : TensorEntry(Name, StoredType, Shape, Length);

/// <summary>
/// Reads and checks the header: eight bytes of length, then JSON with name → dtype, shape, data_offsets. Nothing in it is believed before it has been
/// compared with the length of the file, so a hostile file can neither make us allocate nor read outside its data.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The bound of the reference implementation.</summary>
    internal const long LongestHeader = 100_000_000;

    /// <summary>The whole header, an entry, and a list inside it.</summary>
    private const int DeepestNesting = 3;

    private const int HighestRank = 64;

    private readonly string file;

    private SafetensorsHeader(string file) => this.file = file;

    internal Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    internal OrderedDictionary<string, SafetensorsEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the data begin in the file.</summary>
    internal long DataStart { get; private set; }

    internal static SafetensorsHeader Read(FileBytes bytes)
    {
        string file = bytes.Name;
        var header = new SafetensorsHeader(file);
        long total = bytes.Length;
        Span<byte> prefix = stackalloc byte[8];
        if (total < 8) throw header.Bad($"it has {total} bytes, too few for a header");
        bytes.Read(0, prefix, "its header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader) throw header.Bad($"its header claims {length:N0} bytes; at most {LongestHeader:N0} are allowed");
        if ((long)length > total - 8) throw header.Bad($"its header claims {length:N0} bytes, but only {total - 8:N0} follow: the file is cut short");
        byte[] json = new byte[(int)length];
        bytes.Read(8, json, "its header");
        header.DataStart = 8 + (long)length;
        try
        {
            header.Parse(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{file} is not a safetensors file that can be read: its header is not the JSON it should be ({error.Message}).", error);
        }
        header.CheckLayout(total - header.DataStart);
        return header;
    }

    private void Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
        Expect(ref reader, JsonTokenType.StartObject, "it must be an object");
        bool metadataSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (name == "__metadata__")
            {
                if (metadataSeen) throw Bad("its header has two __metadata__ entries");
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
            else if (!Entries.TryAdd(name, ReadEntry(ref reader, name))) throw Bad($"its header names \"{name}\" twice");
        }
        if (reader.Read()) throw new JsonException("something follows the object");
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "__metadata__ must be an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, $"\"{key}\" in __metadata__ must be a text");
            if (!Metadata.TryAdd(key, reader.GetString()!)) throw Bad($"its __metadata__ names \"{key}\" twice");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, $"the entry \"{name}\" must be an object");
        string? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            bool repeated = field switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (repeated) throw Bad($"\"{name}\" gives its {field} twice");
            switch (field)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String, $"the dtype of \"{name}\" must be a text");
                    type = reader.GetString();
                    break;
                case "shape": shape = ReadNumbers(ref reader, name, field, HighestRank); break;
                case "data_offsets": offsets = ReadNumbers(ref reader, name, field, 2); break;
                default: throw Bad($"\"{name}\" has the unknown field \"{field}\"");
            }
        }
        if (type is null || shape is null || offsets is not { Length: 2 }) throw Bad($"\"{name}\" needs a dtype, a shape and two data_offsets");
        return Check(name, type, shape, offsets[0], offsets[1]);
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray, $"the {field} of \"{name}\" must be a list");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Bad($"the {field} of \"{name}\" must hold whole numbers, none of them negative or beyond 2^63");
            if (numbers.Count == most) throw Bad($"the {field} of \"{name}\" has more than {most} numbers");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private SafetensorsEntry Check(string name, string type, long[] shape, long begin, long end)
    {
        int bits = StoredTypes.BitsOf(type);
        if (bits == 0) throw Bad($"\"{name}\" is stored as {type}, which the format does not know");
        if (begin > end) throw Bad($"the data of \"{name}\" end ({end}) before they begin ({begin})");
        UInt128 total = (UInt128)bits;
        foreach (long length in shape)
        {
            if (length > int.MaxValue) throw Bad($"\"{name}\" has an axis of length {length:N0}");
            total *= (UInt128)length;
            if (total > long.MaxValue) throw Bad($"\"{name}\" claims more bytes than any file has");
        }
        UInt128 bytes = (total + 7) / 8;
        if (bytes != (UInt128)(end - begin)) throw Bad($"\"{name}\" has {end - begin:N0} bytes, but {type} [{string.Join(", ", shape)}] needs {bytes:N0}");
        return new(name, type, new Shape(Array.ConvertAll(shape, length => (int)length)), begin, end - begin);
    }

    /// <summary>The entries must cover the data exactly: no overlap, no hole, nothing outside.</summary>
    private void CheckLayout(long available)
    {
        long expected = 0;
        string before = "";
        foreach (var entry in Entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            long end = entry.Offset + entry.Length;
            if (end > available)
                throw Bad($"the data of \"{entry.Name}\" end at {end:N0}, but the file holds {available:N0} bytes of data: it is cut short or damaged");
            if (entry.Offset < expected) throw Bad($"the data of \"{entry.Name}\" overlap those of \"{before}\"");
            if (entry.Offset > expected) throw Bad($"there is a hole of {entry.Offset - expected:N0} bytes before the data of \"{entry.Name}\"");
            (expected, before) = (end, entry.Name);
        }
        if (expected != available) throw Bad($"{available - expected:N0} bytes follow the last tensor");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string rule)
    {
        if (!reader.Read() || reader.TokenType != token) throw new JsonException(rule);
    }

    private InvalidDataException Bad(string what) => new($"{file} is not a safetensors file that can be read: {what}.");
}
