namespace Cajal.Hdf5;

/// <summary>What elements are.</summary>
internal enum Hdf5Kind
{
    /// <summary>A number that <see cref="StoredTypes"/> knows.</summary>
    Number,
    /// <summary>A text of fixed or variable length.</summary>
    Text,
    /// <summary>Bytes without a meaning of their own, as h5py stores bfloat16.</summary>
    Opaque,
    /// <summary>Something else.</summary>
    Other,
}

/// <summary>The type of elements of a dataset or attribute.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="StoredType">For numbers the name in <see cref="StoredTypes"/>.</param>
/// <param name="Size">Bytes per element.</param>
/// <param name="IsVariable">For texts, whether they stand elsewhere, at any length.</param>
/// <param name="IsBigEndian">For numbers, whether the first byte is the most significant.</param>
internal sealed record Hdf5Type(Hdf5Kind Kind, string StoredType, int Size, bool IsVariable = false, bool IsBigEndian = false)
{
    private const int Fixed = 0, Float = 1, Text = 3, Opaque = 5, Enumeration = 8, Variable = 9;

    internal static Hdf5Type Read(ReadOnlySpan<byte> data, string file)
    {
        var reader = new Hdf5Reader(data, file);
        int head = reader.Byte(), bits = reader.Byte();
        reader.Skip(2);
        uint size = reader.Word();
        if (size is 0 or > 1 << 20) throw Hdf5File.Bad(file, $"an element of {size:N0} bytes is no number");
        int width = (int)size;
        bool bigEndian = (bits & 1) != 0;
        switch (head & 15)
        {
            case Fixed:
                string integer = ((bits & 8) != 0 ? "I" : "U") + 8 * width;
                return StoredTypes.SizeOf(integer) == width ? new(Hdf5Kind.Number, integer, width, false, bigEndian) : new(Hdf5Kind.Other, "", width);
            case Float:
                reader.Skip(5);
                int exponent = reader.Byte();
                string? type = (width, exponent) switch { (2, 5) => "F16", (2, 8) => "BF16", (4, 8) => "F32", (8, 11) => "F64", _ => null };
                return type is null ? new(Hdf5Kind.Other, "", width) : new(Hdf5Kind.Number, type, width, false, bigEndian);
            case Text: return new(Hdf5Kind.Text, "", width);
            case Opaque: return new(Hdf5Kind.Opaque, "", width);
            case Enumeration when width == 1: return new(Hdf5Kind.Number, "BOOL", 1);
            case Variable when (bits & 15) == 1 && width == 16: return new(Hdf5Kind.Text, "", width, IsVariable: true);
            default: return new(Hdf5Kind.Other, "", width);
        }
    }
}
