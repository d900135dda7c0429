using System.Buffers.Binary;
using System.Text.Json;

namespace Cajal;

/// <summary>
/// The safetensors format of Hugging Face: a length, a JSON header, raw little-endian numbers. Files written here are read by Python's
/// <c>safetensors</c>, and the other way round.
/// </summary>
public static class Safetensors
{
    /// <summary>Opens a file and checks its header. No numbers are read yet.</summary>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or is damaged; the message says in what way.</exception>
    public static SafetensorsFile Open(string path)
    {
        var bytes = new FileBytes(path);
        try
        {
            return new(bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Opens a stream that can seek; the result owns it.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static SafetensorsFile Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(new FileBytes(stream, "The stream"));
    }

    /// <summary>Reads every tensor of a file; half-width floats become Float32 unless <paramref name="asStored"/>.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static OrderedDictionary<string, Tensor> Load(string path, bool asStored = false)
    {
        using var file = Open(path);
        return file.ReadAll(asStored);
    }

    /// <summary>Writes a file, atomically.</summary>
    /// <param name="path">Where; an existing file is replaced only when the new one is complete.</param>
    /// <param name="tensors">Tensors by key.</param>
    /// <param name="metadata">Texts to store beside them.</param>
    /// <param name="floats">A narrower type to store Float32 and Float64 tensors in, such as <see cref="DType.BFloat16"/>.</param>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null, DType? floats = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata, floats));

    /// <summary>Writes to a stream.</summary>
    /// <inheritdoc cref="Save"/>
    public static void Write(
        Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null, DType? floats = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        if (floats is { IsFloating: false }) throw new ArgumentException($"Floats cannot be stored as {floats}.", nameof(floats));
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Safetensors files are little-endian, and so must the processor be.");

        // Wide types first, so that every tensor starts at a multiple of its element's size.
        var ordered = tensors.OrderByDescending(pair => StoredAs(pair.Value, floats).Size).ToList();
        byte[] header = Header(ordered, metadata, floats);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
        {
            var stored = tensor.Detach().Cast(StoredAs(tensor, floats)).Contiguous();
            int size = stored.DType.Size;
            stream.Write(stored.Storage.Span<byte>().Slice(stored.Offset * size, stored.Count * size));
            GC.KeepAlive(stored);
        }
    }

    /// <summary>The type in which a tensor is stored where floats are to be narrowed.</summary>
    internal static DType StoredAs(Tensor tensor, DType? floats) =>
        floats is { } narrow && tensor.DType is (DType.Float32 or DType.Float64) ? narrow : tensor.DType;

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata, DType? floats)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
            long offset = 0;
            foreach (var (key, tensor) in tensors)
            {
                if (!names.Add(key))
                    throw new ArgumentException($"A safetensors file cannot hold two tensors named \"{key}\", and none named \"__metadata__\".", nameof(tensors));
                var type = StoredAs(tensor, floats);
                long end = offset + (long)tensor.Count * type.Size;
                json.WriteStartObject(key);
                json.WriteString("dtype", StoredTypes.NameOf(type));
                json.WriteStartArray("shape");
                foreach (int axis in tensor.Shape.AsSpan()) json.WriteNumberValue(axis);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        if (buffer.Length > SafetensorsHeader.LongestHeader)
            throw new ArgumentException("The names, shapes and metadata exceed what a safetensors header may hold (100 MB).", nameof(tensors));
        return buffer.ToArray();
    }
}
