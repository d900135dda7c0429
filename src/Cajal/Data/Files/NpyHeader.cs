using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Cajal;

/// <summary>The header of an .npy file, versions 1 to 3: magic, version, length, and a Python dictionary literal of three keys.</summary>
/// <remarks>Source: NumPy, "numpy.lib.format", NEP 1. The literal is parsed, never evaluated.</remarks>
/// <param name="StoredType">The element type by its name in <see cref="StoredTypes"/>.</param>
/// <param name="BigEndian">Whether the elements' first byte is the most significant.</param>
/// <param name="FortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">The extents; none for a scalar.</param>
/// <param name="Length">Bytes of the header itself: where the values begin.</param>
internal sealed record NpyHeader(string StoredType, bool BigEndian, bool FortranOrder, int[] Shape, int Length)
{
    const int MaxHeaderBytes = 1 << 16;
    const int MaxRank = 32;

    /// <summary>Number of elements.</summary>
    internal long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Bytes of all elements.</summary>
    internal long DataLength => Count * StoredTypes.SizeOf(StoredType);

    internal static NpyHeader Read(Stream stream, string name)
    {
        byte[] start = BoundedReader.ReadExactly(stream, 8, name);
        if (!IsMagic(start))
        {
            throw new InvalidDataException($"{name}: not an .npy file: the first six bytes must be 93 'NUMPY'.");
        }
        if (start[6] is 0 or > 3)
        {
            throw new InvalidDataException($"{name}: .npy version {start[6]}.{start[7]} is unknown; versions 1 to 3 can be read.");
        }
        byte[] size = BoundedReader.ReadExactly(stream, start[6] == 1 ? 2 : 4, name);
        uint length = start[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxHeaderBytes)
        {
            throw new InvalidDataException($"{name}: the .npy header claims {length} bytes; at most {MaxHeaderBytes} are believable.");
        }
        byte[] text = BoundedReader.ReadExactly(stream, length, name);
        return Parse(Encoding.UTF8.GetString(text), 8 + size.Length + text.Length, name);
    }

    /// <summary>Header of version 1 for a little-endian, C-ordered array, padded so that the values begin at a multiple of 64 bytes.</summary>
    internal static byte[] Write(string descr, ReadOnlySpan<int> shape)
    {
        var extents = new StringBuilder("(");
        foreach (int extent in shape)
        {
            extents.Append(CultureInfo.InvariantCulture, $"{extent},").Append(' ');
        }
        string tuple = shape.Length switch { 0 => "()", 1 => $"({shape[0].ToString(CultureInfo.InvariantCulture)},)", _ => extents.ToString()[..^2] + ")" };
        string text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple}, }}";
        int total = (10 + text.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[total];
        bytes[0] = 0x93;
        "NUMPY"u8.CopyTo(bytes.AsSpan(1));
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(total - 10));
        Encoding.ASCII.GetBytes(text.PadRight(total - 11) + "\n", bytes.AsSpan(10));
        return bytes;
    }

    static bool IsMagic(byte[] start) => start[0] == 0x93 && start.AsSpan(1, 5).SequenceEqual("NUMPY"u8);

    static NpyHeader Parse(string text, int length, string name)
    {
        string descr = Quoted(text, "descr", name);
        string? type = descr.Length >= 3 && "<>|=".Contains(descr[0]) ? TypeOf(descr[1..]) : null;
        if (type is null)
        {
            throw new InvalidDataException($"{name}: the .npy type '{descr}' {Reason(descr)}");
        }
        string order = After(text, "fortran_order", name);
        bool fortran = order.StartsWith("True", StringComparison.Ordinal);
        if (!fortran && !order.StartsWith("False", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: 'fortran_order' of the .npy header must be True or False.");
        }
        return new NpyHeader(type, descr[0] == '>', fortran, ParseShape(After(text, "shape", name), StoredTypes.SizeOf(type), name), length);
    }

    static string? TypeOf(string type) => type switch
    {
        "f2" => "F16",
        "f4" => "F32",
        "f8" => "F64",
        "i1" => "I8",
        "i2" => "I16",
        "i4" => "I32",
        "i8" => "I64",
        "u1" => "U8",
        "u2" => "U16",
        "u4" => "U32",
        "u8" => "U64",
        "b1" => "BOOL",
        "c8" => "C64",
        "c16" => "C128",
        _ => null,
    };

    static string Reason(string descr) => (descr.Length > 1 ? descr[1] : ' ') switch
    {
        'O' => "holds Python objects, which are never run; save an array of numbers.",
        'S' or 'U' or 'a' => "holds texts; save codes, such as numpy.unique(a, return_inverse=True)[1].",
        'M' or 'm' => "holds dates; save them as numbers, such as a.astype('int64').",
        'V' => "holds raw bytes, such as bfloat16 does; save it as a.astype('float32').",
        _ => "cannot be read; supported are f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1. In Python: numpy.save(path, a.astype('float32')).",
    };

    static int[] ParseShape(string text, int width, string name)
    {
        int close = text.IndexOf(')');
        if (text.Length == 0 || text[0] != '(' || close < 0)
        {
            throw new InvalidDataException($"{name}: 'shape' of the .npy header must be a tuple such as (3, 4).");
        }
        string[] parts = text[1..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaxRank)
        {
            throw new InvalidDataException($"{name}: the .npy header has {parts.Length} axes; at most {MaxRank} can be read.");
        }
        var shape = new int[parts.Length];
        long bytes = width;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (!int.TryParse(parts[axis].TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out shape[axis])
                || (bytes *= shape[axis]) > BoundedReader.MaxBytes)
            {
                throw new InvalidDataException($"{name}: axis {axis} of the .npy header has the extent '{parts[axis]}': not a number, or beyond 2 GiB in all.");
            }
        }
        return shape;
    }

    static string Quoted(string text, string key, string name)
    {
        string value = After(text, key, name);
        int end = value.Length > 1 && value[0] is '\'' or '"' ? value.IndexOf(value[0], 1) : -1;
        return end > 0
            ? value[1..end]
            : throw new InvalidDataException($"{name}: '{key}' of the .npy header must be a plain type such as '<f4'; records cannot be read.");
    }

    static string After(string text, string key, string name)
    {
        int at = text.IndexOf($"'{key}'", StringComparison.Ordinal);
        int colon = at < 0 ? -1 : text.IndexOf(':', at);
        return colon < 0
            ? throw new InvalidDataException($"{name}: the .npy header has no '{key}'.")
            : text[(colon + 1)..].TrimStart();
    }
}
