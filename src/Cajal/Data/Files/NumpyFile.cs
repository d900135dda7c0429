using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>Reads and writes NumPy's <c>.npy</c> (one array) and <c>.npz</c> (a zip of named arrays).</summary>
/// <remarks>
/// Read: f2 (as Float32), f4, f8, i1, i2, i4, u1, u2 (as Int32), i8, u4, u8 (as Int64), b1 (Bool); either byte order, C or Fortran order.
/// Written: little-endian, C order. Pickled objects are refused, never run. To read some arrays of a large archive, use <see cref="TensorFile.Open(string)"/>.
/// Source: NumPy, "numpy.lib.format".
/// </remarks>
public static class NumpyFile
{
    /// <summary>The same arrays give the same archive, whenever it is written.</summary>
    static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads one array.</summary>
    /// <param name="path">An <c>.npy</c> file.</param>
    /// <exception cref="InvalidDataException">The file is not .npy, is cut short, or asks for more than 2 GiB.</exception>
    public static Tensor Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads one array from a stream, which is left just behind it.</summary>
    /// <param name="stream">A stream that begins with an .npy header.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">The data are not .npy, are cut short, or ask for more than 2 GiB.</exception>
    public static Tensor Read(Stream stream, string name = "the stream")
    {
        Tensor tensor = ReadValues(stream, NpyHeader.Read(stream, name), name);
        return tensor.DType.IsComputable ? tensor : tensor.Cast(DType.Float32);
    }

    /// <summary>Reads all arrays of an <c>.npz</c> archive, by name (without <c>.npy</c>).</summary>
    /// <exception cref="InvalidDataException">The archive or one of its arrays is damaged; the message names it.</exception>
    public static IReadOnlyDictionary<string, Tensor> ReadArchive(string path)
    {
        using var bytes = new FileBytes(path);
        using var archive = new NumpyArchive(bytes);
        return archive.ReadAll();
    }

    /// <summary>Writes one array, atomically: a temporary file beside <paramref name="path"/>, then a rename.</summary>
    /// <param name="path">Where; an existing file is replaced.</param>
    /// <param name="tensor">Any dtype but BFloat16, which NumPy does not have; any shape.</param>
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
                entry.LastWriteTime = NoTime;
                using Stream target = entry.Open();
                Write(target, tensor);
            }
        });

    /// <summary>Reads what follows a header; half-width floats stay as they are.</summary>
    internal static Tensor ReadValues(Stream stream, NpyHeader header, string name)
    {
        if (StoredTypes.MemoryOf(header.StoredType) is not { } type)
        {
            throw new InvalidDataException($"{name}: the .npy file holds complex numbers, which no tensor here holds; save a.real and a.imag.");
        }
        int size = StoredTypes.SizeOf(header.StoredType);
        byte[] bytes = BoundedReader.ReadExactly(stream, header.DataLength, name);
        if (header.BigEndian)
        {
            StoredTypes.ReverseBytes(bytes, size);
        }
        if (header.FortranOrder && header.Shape.Length > 1)
        {
            bytes = ToRowMajor(bytes, header.Shape, size);
        }
        var tensor = Tensor.Uninitialised(header.Shape, type);
        if (StoredTypes.IsVerbatim(header.StoredType))
        {
            bytes.CopyTo(tensor.Storage.Span<byte>());
            if (type == DType.Bool)
            {
                StoredTypes.NormaliseBools(tensor.Storage.Span<byte>()[..bytes.Length]);
            }
            return tensor;
        }
        try
        {
            StoredTypes.Decode(header.StoredType, bytes, tensor, 0);
        }
        catch (OverflowException inner)
        {
            throw new InvalidDataException($"{name}: a value does not fit int64.", inner);
        }
        return tensor;
    }

    static (string Descr, byte[] Payload) Encode(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => ("<f4", MemoryMarshal.AsBytes(tensor.ToArray<float>().AsSpan()).ToArray()),
        DType.Float64 => ("<f8", MemoryMarshal.AsBytes(tensor.ToArray<double>().AsSpan()).ToArray()),
        DType.Int64 => ("<i8", MemoryMarshal.AsBytes(tensor.ToArray<long>().AsSpan()).ToArray()),
        DType.Int32 => ("<i4", MemoryMarshal.AsBytes(tensor.ToArray<int>().AsSpan()).ToArray()),
        DType.Float16 => ("<f2", MemoryMarshal.AsBytes(tensor.ToArray<Half>().AsSpan()).ToArray()),
        DType.Bool => ("|b1", Array.ConvertAll(tensor.ToArray<bool>(), v => v ? (byte)1 : (byte)0)),
        _ => throw new ArgumentException($"NumpyFile.Write: {tensor.DType} is not a type of NumPy; cast the tensor to Float32 first.", nameof(tensor)),
    };

    /// <summary>Fortran order (first index fastest) to C order (last index fastest): an odometer over the row-major positions.</summary>
    static byte[] ToRowMajor(byte[] source, int[] shape, int width)
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
