using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Cajal;

/// <summary>An open safetensors file: the header is read and checked, each tensor is read when asked for.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly Stream stream;
    private readonly SafetensorsHeader header;
    private readonly string name;
    private readonly Lock gate = new();

    internal SafetensorsFile(Stream stream, string name)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Safetensors files are little-endian, and so must the processor be.");
        this.stream = stream;
        this.name = name;
        header = SafetensorsHeader.Read(stream, name);
    }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyCollection<SafetensorsEntry> Entries => header.Entries.Values;

    /// <summary>Looks up a tensor without reading it.</summary>
    public bool TryGetEntry(string key, [NotNullWhen(true)] out SafetensorsEntry? entry) => header.Entries.TryGetValue(key, out entry);

    /// <summary>Reads one tensor.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="asStored">Keep Float16 and BFloat16, which are storage types, instead of widening them to Float32. Small integers always become Int32.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="InvalidDataException">The tensor is too large for one buffer, or the file was cut short since it was opened.</exception>
    public Tensor Read(string key, bool asStored = false)
    {
        if (!TryGetEntry(key, out var entry)) throw new KeyNotFoundException($"{name} has no tensor \"{key}\"{DidYouMean.Hint(key, header.Entries.Keys)}");
        var type = TypeOf(entry);
        long bytes = entry.Length / SafetensorsHeader.SizeOf(entry.StoredType) * Math.Max(type.Size, asStored || type.IsComputable ? 0 : 4);
        if (bytes > Array.MaxLength - 64) throw new InvalidDataException($"{name}: \"{key}\" {entry.Shape} takes {bytes:N0} bytes; one tensor holds at most 2 GiB.");
        var tensor = Tensor.Uninitialised(entry.Shape.ToArray(), type);
        if (entry.StoredType is "I8" or "U8" or "I16") ReadSmallIntegers(entry, tensor.Span<int>());
        else ReadBytes(entry, 0, tensor.Storage.Span<byte>());
        if (type == DType.Bool) Normalise(tensor.Storage.Span<byte>());
        return asStored || type.IsComputable ? tensor : tensor.Cast(DType.Float32);
    }

    /// <summary>Reads every tensor.</summary>
    public OrderedDictionary<string, Tensor> ReadAll(bool asStored = false)
    {
        var all = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in Entries) all.Add(entry.Name, Read(entry.Name, asStored));
        return all;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    /// <summary>The dtype a stored type is read into.</summary>
    internal static DType TypeOf(SafetensorsEntry entry) => entry.StoredType switch
    {
        "F64" => DType.Float64,
        "F32" => DType.Float32,
        "F16" => DType.Float16,
        "BF16" => DType.BFloat16,
        "I64" => DType.Int64,
        "BOOL" => DType.Bool,
        _ => DType.Int32,
    };

    private void ReadSmallIntegers(SafetensorsEntry entry, Span<int> values)
    {
        const int Chunk = 1 << 16;
        int size = SafetensorsHeader.SizeOf(entry.StoredType);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        for (int start = 0; start < values.Length; start += Chunk / size)
        {
            var part = values.Slice(start, Math.Min(Chunk / size, values.Length - start));
            ReadBytes(entry, (long)start * size, buffer.AsSpan(0, part.Length * size));
            for (int i = 0; i < part.Length; i++)
            {
                part[i] = entry.StoredType switch
                {
                    "I8" => (sbyte)buffer[i],
                    "U8" => buffer[i],
                    _ => BitConverter.ToInt16(buffer, 2 * i),
                };
            }
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void ReadBytes(SafetensorsEntry entry, long skip, Span<byte> target)
    {
        lock (gate)
        {
            try
            {
                stream.Position = header.DataStart + entry.Offset + skip;
                stream.ReadExactly(target);
            }
            catch (EndOfStreamException error)
            {
                throw new InvalidDataException($"{name} was cut short while it was read, in \"{entry.Name}\".", error);
            }
        }
    }

    /// <summary>Any byte but 0 means true; in memory true must be 1.</summary>
    private static void Normalise(Span<byte> bools)
    {
        foreach (ref byte b in bools) b = b == 0 ? (byte)0 : (byte)1;
    }
}
