using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>Reads and writes NumPy's <c>.npy</c> (one array) and <c>.npz</c> (a zip of named arrays).</summary>
/// <remarks>
/// Read: f2 (as Float32), f4, f8, i1, i2, i4, u1, u2 (as Int32), i8, u4, u8 (as Int64), b1 (Bool); either byte order, C or Fortran order.
/// Written: little-endian, C order. Pickled objects are refused, never run. Source: NumPy, "numpy.lib.format".
/// </remarks>
public static class NumpyFile
{
    /// <summary>Reads one array.</summary>
    /// <param name="path">An <c>.npy</c> file.</param>
    /// <exception cref="InvalidDataException">The file is not .npy, is cut short, or asks for more than 2 GiB.</exception>
    public static Tensor Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return ReadArray(stream, path).ToTensor();
    }

    /// <summary>Reads one array from a stream, which is left just behind it.</summary>
    /// <param name="stream">A stream that begins with an .npy header.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">The data are not .npy, are cut short, or ask for more than 2 GiB.</exception>
    public static Tensor Read(Stream stream, string name = "the stream") => ReadArray(stream, name).ToTensor();

    /// <summary>Reads all arrays of an <c>.npz</c> archive, by name (without <c>.npy</c>).</summary>
    /// <exception cref="InvalidDataException">The archive or one of its arrays is damaged; the message names it.</exception>
    public static IReadOnlyDictionary<string, Tensor> ReadArchive(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var archive = Unpack(path, () => new ZipArchive(file, ZipArchiveMode.Read));
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in Unpack(path, () => archive.Entries).Where(e => e.FullName.EndsWith(".npy", StringComparison.Ordinal)))
        {
            using Stream stream = Unpack(path, entry.Open);
            if (!arrays.TryAdd(entry.FullName[..^4], ReadArray(stream, $"{path}, {entry.FullName}").ToTensor()))
            {
                throw new InvalidDataException($"{path}: the archive holds two arrays called {entry.FullName}.");
            }
        }
        return arrays;
    }

    private static T Unpack<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (InvalidDataException inner)
        {
            throw new InvalidDataException($"{path}: the archive is damaged ({inner.Message}) Get the file again.", inner);
        }
    }

    /// <summary>Writes one array, atomically: a temporary file beside <paramref name="path"/>, then a rename.</summary>
    /// <param name="path">Where; an existing file is replaced.</param>
    /// <param name="tensor">Float32, Float64, Int64, Int32 or Bool, any shape.</param>
    public static void Write(string path, Tensor tensor) => AtomicFile.Write(path, stream => Write(stream, tensor));

    /// <summary>Writes one array to a stream.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        (string descr, byte[] payload) = Encode(tensor);
        stream.Write(NpyHeader.Write(descr, DataTensors.Extents(tensor)));
        stream.Write(payload);
    }

    /// <summary>Writes named arrays as an <c>.npz</c> archive, atomically.</summary>
    /// <param name="path">Where; an existing file is replaced.</param>
    /// <param name="arrays">Names (without <c>.npy</c>) and arrays.</param>
    /// <param name="compress">Deflate the arrays, as <c>numpy.savez_compressed</c> does.</param>
    public static void WriteArchive(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = false) =>
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, Tensor tensor) in arrays)
            {
                ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
                using Stream target = entry.Open();
                Write(target, tensor);
            }
        });

    internal static RawArray ReadArray(Stream stream, string name)
    {
        NpyHeader header = NpyHeader.Read(stream, name);
        byte[] bytes = BoundedReader.ReadExactly(stream, header.Count * header.Width, name);
        if (header.BigEndian && header.Width > 1)
        {
            SwapBytes(bytes, header.Width);
        }
        if (header.FortranOrder && header.Shape.Length > 1)
        {
            bytes = ToRowMajor(bytes, header.Shape, header.Width);
        }
        Array values = (header.Kind, header.Width) switch
        {
            ('f', 2) => Convert<Half, float>(bytes, v => (float)v),
            ('f', 4) => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            ('f', _) => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            ('b', _) => Array.ConvertAll(bytes, v => v != 0),
            ('i', 1) => Array.ConvertAll(bytes, v => (int)(sbyte)v),
            ('i', 2) => Convert<short, int>(bytes, v => v),
            ('i', 4) => MemoryMarshal.Cast<byte, int>(bytes).ToArray(),
            ('i', _) => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
            ('u', 1) => Array.ConvertAll(bytes, v => (int)v),
            ('u', 2) => Convert<ushort, int>(bytes, v => v),
            ('u', 4) => Convert<uint, long>(bytes, v => v),
            _ => Convert<ulong, long>(bytes, v => v <= long.MaxValue
                ? (long)v
                : throw new InvalidDataException($"{name}: the value {v} does not fit int64.")),
        };
        return new RawArray(values, header.Shape);
    }

    private static (string Descr, byte[] Payload) Encode(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => ("<f4", MemoryMarshal.AsBytes(tensor.ToArray<float>().AsSpan()).ToArray()),
        DType.Float64 => ("<f8", MemoryMarshal.AsBytes(tensor.ToArray<double>().AsSpan()).ToArray()),
        DType.Int64 => ("<i8", MemoryMarshal.AsBytes(tensor.ToArray<long>().AsSpan()).ToArray()),
        DType.Int32 => ("<i4", MemoryMarshal.AsBytes(tensor.ToArray<int>().AsSpan()).ToArray()),
        DType.Bool => ("|b1", Array.ConvertAll(tensor.ToArray<bool>(), v => v ? (byte)1 : (byte)0)),
        _ => throw new ArgumentException($"NumpyFile.Write: {tensor.DType} has no .npy type here; cast the tensor to Float32 first.", nameof(tensor)),
    };

    private static TTo[] Convert<TFrom, TTo>(byte[] bytes, Func<TFrom, TTo> convert) where TFrom : unmanaged =>
        Array.ConvertAll(MemoryMarshal.Cast<byte, TFrom>(bytes).ToArray(), v => convert(v));

    private static void SwapBytes(byte[] bytes, int width)
    {
        switch (width)
        {
            case 2: Span<short> two = MemoryMarshal.Cast<byte, short>(bytes.AsSpan()); BinaryPrimitives.ReverseEndianness(two, two); break;
            case 4: Span<int> four = MemoryMarshal.Cast<byte, int>(bytes.AsSpan()); BinaryPrimitives.ReverseEndianness(four, four); break;
            default: Span<long> eight = MemoryMarshal.Cast<byte, long>(bytes.AsSpan()); BinaryPrimitives.ReverseEndianness(eight, eight); break;
        }
    }

    /// <summary>Fortran order (first index fastest) to C order (last index fastest): an odometer over the row-major positions.</summary>
    private static byte[] ToRowMajor(byte[] source, int[] shape, int width)
    {
        var result = new byte[source.Length];
        var index = new int[shape.Length];
        var strides = new long[shape.Length];
        long stride = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        long from = 0;
        for (int to = 0; to < result.Length; to += width)
        {
            source.AsSpan((int)(from * width), width).CopyTo(result.AsSpan(to));
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return result;
    }
}
