using System.Buffers.Binary;

namespace Cajal;

/// <summary>
/// The IDX format of the MNIST files: two zero bytes, a type byte, a rank byte, the extents as big-endian int32, then the values,
/// big-endian, row-major. Gzipped files are recognised by content.
/// </summary>
/// <remarks>Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".</remarks>
public static class IdxFile
{
    /// <summary>Reads a file of any IDX type: unsigned byte, signed byte and int16/int32 give Int32, float32 and float64 keep their type.</summary>
    /// <param name="path">An <c>.idx</c> or <c>-ubyte</c> file, gzipped or not.</param>
    /// <returns>A tensor of the shape in the header.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The header is not IDX, the file is cut short or has bytes left over.</exception>
    public static Tensor Read(string path)
    {
        using Stream stream = BoundedReader.OpenMaybeGzip(path);
        return Read(stream, path).ToTensor();
    }

    /// <summary>Reads a file of unsigned bytes (images, labels) without widening them.</summary>
    /// <returns>The values in row-major order and the extents.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or holds another type.</exception>
    internal static (byte[] Values, int[] Shape) ReadBytes(string path)
    {
        using Stream stream = BoundedReader.OpenMaybeGzip(path);
        (byte type, int[] shape, byte[] payload) = ReadPayload(stream, path);
        return type == 0x08
            ? (payload, shape)
            : throw new InvalidDataException($"{path}: unsigned bytes (type 0x08) were expected, the header says type 0x{type:x2}.");
    }

    internal static RawArray Read(Stream stream, string name)
    {
        (byte type, int[] shape, byte[] payload) = ReadPayload(stream, name);
        return type switch
        {
            0x08 => new(Array.ConvertAll(payload, b => (int)b), shape),
            0x09 => new(Array.ConvertAll(payload, b => (int)(sbyte)b), shape),
            0x0B => new(Decode(payload, 2, s => (int)BinaryPrimitives.ReadInt16BigEndian(s)), shape),
            0x0C => new(Decode(payload, 4, BinaryPrimitives.ReadInt32BigEndian), shape),
            0x0D => new(Decode(payload, 4, BinaryPrimitives.ReadSingleBigEndian), shape),
            _ => new(Decode(payload, 8, BinaryPrimitives.ReadDoubleBigEndian), shape),
        };
    }

    private static (byte Type, int[] Shape, byte[] Payload) ReadPayload(Stream stream, string name)
    {
        byte[] magic = BoundedReader.ReadExactly(stream, 4, name);
        int width = magic[2] switch { 0x08 or 0x09 => 1, 0x0B => 2, 0x0C or 0x0D => 4, 0x0E => 8, _ => 0 };
        if (magic[0] != 0 || magic[1] != 0 || width == 0 || magic[3] is 0 or > 8)
        {
            throw new InvalidDataException(
                $"{name}: not an IDX file: it must begin 00 00 TYPE RANK, but begins {Convert.ToHexStringLower(magic)}. Is it another file under that name?");
        }
        byte[] extents = BoundedReader.ReadExactly(stream, 4 * magic[3], name);
        var shape = new int[magic[3]];
        long count = width;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(extents.AsSpan(4 * axis));
            if (shape[axis] < 0 || (count *= shape[axis]) > BoundedReader.MaxBytes)
            {
                throw new InvalidDataException($"{name}: axis {axis} of the IDX header has the extent {shape[axis]}, which cannot be right.");
            }
        }
        byte[] payload = BoundedReader.ReadExactly(stream, count, name);
        return BoundedReader.IsAtEnd(stream, name)
            ? (magic[2], shape, payload)
            : throw new InvalidDataException($"{name}: there are bytes left after the {count} the IDX header announces. Get the file again.");
    }

    private static T[] Decode<T>(byte[] payload, int width, Func<ReadOnlySpan<byte>, T> read)
    {
        var values = new T[payload.Length / width];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = read(payload.AsSpan(i * width, width));
        }
        return values;
    }
}
