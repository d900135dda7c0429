using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Cajal;

/// <summary>One tensor in a file, before it is read.</summary>
/// <param name="Name">Its key.</param>
/// <param name="StoredType">The type in the file, by the name safetensors gives it: <c>F32</c>, <c>BF16</c>, <c>I64</c>, <c>BOOL</c> and so on.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Length">How many bytes it has in the file; where they are packed, before packing.</param>
public record TensorEntry(string Name, string StoredType, Shape Shape, long Length)
{
    /// <summary>How many numbers it has.</summary>
    public long Count => Shape.Aggregate(1L, (product, length) => product * length);
}

/// <summary>
/// An open file of named tensors: safetensors, PyTorch, NumPy or Keras. Names, types and shapes are read and checked when it is opened, each tensor when it is asked for, so a file of
/// many gigabytes costs nothing before.
/// </summary>
/// <remarks>Opened with <see cref="Open(string)"/>; give it to <see cref="Module.LoadWeights(TensorFile, bool, Func{string, string?}?)"/>, or a path at once. Reading is safe from several threads.</remarks>
public abstract class TensorFile : IDisposable
{
    private const int Chunk = 1 << 16;

    private protected TensorFile(FileBytes bytes)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Files of tensors are little-endian, and so must the processor be.");
        Bytes = bytes;
    }

    /// <summary>The format's name: <c>safetensors</c>, <c>PyTorch</c>, <c>NumPy</c> or <c>Keras</c>.</summary>
    public abstract string Format { get; }

    /// <summary>Texts and single numbers that the file holds beside the tensors.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of the file.</summary>
    public abstract IReadOnlyCollection<TensorEntry> Entries { get; }

    /// <summary>The file.</summary>
    private protected FileBytes Bytes { get; }

    /// <summary>How messages call the file.</summary>
    private protected string FileName => Bytes.Name;

    /// <summary>Opens a file of any format that is known by its first bytes.</summary>
    /// <exception cref="InvalidDataException">It is none of them, or is damaged; the message says in what way.</exception>
    public static TensorFile Open(string path)
    {
        var bytes = new FileBytes(path);
        try
        {
            return TensorFormat.Open(bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Looks up a tensor without reading it.</summary>
    public abstract bool TryGetEntry(string key, [NotNullWhen(true)] out TensorEntry? entry);

    /// <summary>Reads one tensor.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="asStored">
    /// Keep Float16 and BFloat16, which are storage types, instead of widening them to Float32. Other types that no dtype stores are always widened: 8-bit floats to Float32, integers of
    /// 8 and 16 bits to Int32, unsigned ones of 32 and 64 bits to Int64.
    /// </param>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message offers a similar name.</exception>
    /// <exception cref="InvalidDataException">The tensor is too large for one buffer or of a type that is not read, or the file was cut short since it was opened.</exception>
    public Tensor Read(string key, bool asStored = false)
    {
        if (!TryGetEntry(key, out var entry)) throw new KeyNotFoundException($"{FileName} has no tensor \"{key}\"{DidYouMean.Hint(key, Entries.Select(known => known.Name))}");
        if (StoredTypes.MemoryOf(entry.StoredType) is not { } type) throw new InvalidDataException($"{FileName}: \"{key}\" is stored as {entry.StoredType}, which no tensor here holds; convert it first.");
        long bytes = entry.Count * Math.Max(type.Size, asStored || type.IsComputable ? 0 : 4);
        if (bytes > Array.MaxLength - 64) throw new InvalidDataException($"{FileName}: \"{key}\" {entry.Shape} takes {bytes:N0} bytes; one tensor holds at most 2 GiB.");
        try
        {
            var tensor = ReadEntry(entry, type);
            return asStored || type.IsComputable ? tensor : tensor.Cast(DType.Float32);
        }
        catch (ShapeException error)
        {
            throw new InvalidDataException($"{FileName}: \"{key}\" {entry.Shape} cannot be a tensor: {error.Message}", error);
        }
        catch (OverflowException error)
        {
            throw new InvalidDataException($"{FileName}: \"{key}\" holds a U64 beyond Int64, which no tensor here holds.", error);
        }
    }

    /// <summary>Reads every tensor.</summary>
    public OrderedDictionary<string, Tensor> ReadAll(bool asStored = false)
    {
        var all = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in Entries) all.Add(entry.Name, Read(entry.Name, asStored));
        return all;
    }

    /// <summary>
    /// The tensors under the keys and with the axes of a state dict of this library. They are <see cref="Entries"/>, except for Keras, whose <c>dense/kernel:0</c> [in, out] is
    /// <c>dense.weight</c> [out, in] here.
    /// </summary>
    public virtual IReadOnlyCollection<TensorEntry> StateEntries => Entries;

    /// <summary>Reads one of <see cref="StateEntries"/>.</summary>
    /// <inheritdoc cref="Read"/>
    public virtual Tensor ReadState(string key, bool asStored = false) => Read(key, asStored);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Close();
        Bytes.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The tensors by the keys of a module, with their axes in its order.</summary>
    /// <param name="module">What they are for.</param>
    /// <param name="keyMap">Turns a key of the file into one of the module, or into null to pass it over; null where keys are to be found by themselves.</param>
    internal virtual IEnumerable<(string Key, StateSource Source)> SourcesFor(Module module, Func<string, string?>? keyMap)
    {
        foreach (var entry in Entries)
        {
            if (StoredTypes.MemoryOf(entry.StoredType) is not { } type || (keyMap is null ? entry.Name : keyMap(entry.Name)) is not { } key) continue;
            yield return (key, new(entry.Shape, type, () => Read(entry.Name)));
        }
    }

    /// <summary>Lets go of what a format has opened besides the file.</summary>
    private protected virtual void Close()
    {
    }

    /// <summary>Reads one tensor whose size was checked, in row-major order or as a strided view.</summary>
    private protected virtual Tensor ReadEntry(TensorEntry entry, DType type)
    {
        var tensor = Tensor.Uninitialised(entry.Shape.ToArray(), type);
        Fill(entry.StoredType, tensor, (skip, target) => ReadBytes(entry, skip, target));
        return tensor;
    }

    /// <summary>Reads bytes of a tensor that lies in one piece.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="skip">How many of its bytes to pass over.</param>
    /// <param name="target">What to fill.</param>
    private protected abstract void ReadBytes(TensorEntry entry, long skip, Span<byte> target);

    /// <summary>Fills a contiguous tensor with elements of a stored type, in pieces where they must be converted.</summary>
    private protected static void Fill(string storedType, Tensor tensor, ReadPart read)
    {
        if (StoredTypes.IsVerbatim(storedType))
        {
            var all = tensor.Storage.Span<byte>()[..(tensor.Count * tensor.DType.Size)];
            read(0, all);
            if (tensor.DType == DType.Bool) StoredTypes.NormaliseBools(all);
            return;
        }
        int size = StoredTypes.SizeOf(storedType);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        for (int start = 0; start < tensor.Count; start += Chunk / size)
        {
            var part = buffer.AsSpan(0, Math.Min(Chunk / size, tensor.Count - start) * size);
            read((long)start * size, part);
            StoredTypes.Decode(storedType, part, tensor, start);
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Gives bytes of a tensor, the first <paramref name="skip"/> passed over.</summary>
    private protected delegate void ReadPart(long skip, Span<byte> target);
}
