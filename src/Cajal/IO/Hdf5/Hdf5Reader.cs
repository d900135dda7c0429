using System.Buffers.Binary;
using System.Text;

namespace Cajal.Hdf5;

/// <summary>Numbers of one block of an HDF5 file, one after the other. Reading beyond the block's end is an error of the file.</summary>
internal ref struct Hdf5Reader(ReadOnlySpan<byte> data, string file)
{
    private readonly ReadOnlySpan<byte> data = data;
    private int at;

    internal readonly int Left => data.Length - at;

    internal readonly int Position => at;

    internal byte Byte() => Take(1)[0];

    internal int Short() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint Word() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A length or a file address. The address of nothing is -1.</summary>
    internal long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A number of 1, 2, 4 or 8 bytes.</summary>
    internal long Number(int bytes) => bytes switch { 1 => Byte(), 2 => Short(), 4 => Word(), _ => Long() };

    internal string Text(long bytes) => Encoding.UTF8.GetString(Take(bytes)).TrimEnd('\0');

    internal void Skip(long bytes) => Take(bytes);

    /// <summary>Passes over what fills up to the next multiple of 8.</summary>
    internal void Align() => Skip(Math.Min(Left, (8 - at % 8) % 8));

    internal void Expect(ReadOnlySpan<byte> mark, string what)
    {
        if (!Take(mark.Length).SequenceEqual(mark)) throw Bad($"{what} is not where it should be");
    }

    internal ReadOnlySpan<byte> Take(long bytes)
    {
        if (bytes < 0 || bytes > Left) throw Bad("a part of its structure is cut short");
        var part = data.Slice(at, (int)bytes);
        at += (int)bytes;
        return part;
    }

    internal readonly InvalidDataException Bad(string what) => Hdf5File.Bad(file, what);
}
