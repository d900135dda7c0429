namespace Cajal.Hdf5;

/// <summary>The numbers of a dataset: where they lie, and how to read them.</summary>
internal sealed class Hdf5Dataset
{
    private const int Compact = 0, Contiguous = 1, Chunked = 2, HighestRank = 32, TreeHead = 24, DeepestTree = 32;

    /// <summary>What deflate can make of a byte, and what a dataset without data may claim.</summary>
    private const long MostExpansion = 1032, Unwritten = 1 << 20, Overhang = 1 << 24;

    private readonly Hdf5File file;
    private readonly Hdf5Filters? filters;
    private readonly int layout;
    private readonly byte[] compact = [];
    private readonly long address, singleLength = -1;
    private readonly int[] chunk = [];
    private long unpacked;

    internal Hdf5Dataset(Hdf5File file, Hdf5Type type, long[] shape, byte[] layoutMessage, Hdf5Filters? filters)
    {
        (this.file, Type, this.filters) = (file, type, filters);
        Shape = Checked(shape);
        var reader = new Hdf5Reader(layoutMessage, file.Name);
        int version = reader.Byte();
        layout = reader.Byte();
        if (version is not (3 or 4)) throw file.Bad($"a dataset's layout has the unknown version {version}");
        switch (layout)
        {
            case Compact:
                compact = reader.Take(reader.Short()).ToArray();
                if (compact.Length < Bytes) throw file.Bad("a dataset is cut short");
                break;
            case Contiguous:
                address = reader.Long();
                if (address >= 0 && (Bytes > file.Length || address > file.Length - Bytes)) throw file.Bad($"a dataset of {Bytes:N0} bytes at {address:N0} reaches beyond its end");
                if (address < 0 && Bytes > Unwritten) throw file.Bad("a dataset was never written");
                break;
            case Chunked:
                if (version == 4) (chunk, address, singleLength) = ReadSingleChunk(ref reader);
                else
                {
                    int axes = reader.Byte();
                    address = reader.Long();
                    chunk = ReadChunkShape(ref reader, axes, 4);
                }
                if (Bytes > MostExpansion * file.Length + Unwritten) throw file.Bad($"a dataset claims {Bytes:N0} bytes, more than the file can hold");
                break;
            default: throw file.Bad($"a dataset is laid out in the unknown way {layout}");
        }
    }

    internal Hdf5Type Type { get; }

    internal int[] Shape { get; }

    /// <summary>Bytes of all elements.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Reads bytes from the numbers, if they lie in one piece.</summary>
    internal bool TryReadPart(long skip, Span<byte> target)
    {
        if (layout == Chunked || Type.IsBigEndian) return false;
        if (layout == Compact) compact.AsSpan((int)skip, target.Length).CopyTo(target);
        else if (address < 0) target.Clear();
        else file.ReadNumbers(address + skip, target);
        return true;
    }

    /// <summary>Reads all numbers, in row-major order, little-endian.</summary>
    internal byte[] ReadAll()
    {
        byte[] all = new byte[Bytes];
        unpacked = 0;
        if (layout == Compact) compact.AsSpan(0, all.Length).CopyTo(all);
        else if (layout == Contiguous && address >= 0) file.ReadNumbers(address, all);
        else if (layout == Chunked && address >= 0 && singleLength >= 0) Place(all, address, singleLength, 0, new long[Shape.Length]);
        else if (layout == Chunked && address >= 0) ReadTree(all, address, DeepestTree);
        if (Type.IsBigEndian) StoredTypes.ReverseBytes(all, Type.Size);
        return all;
    }

    private int[] Checked(long[] shape)
    {
        if (shape.Length > HighestRank) throw file.Bad($"a dataset has {shape.Length} axes");
        UInt128 bytes = (UInt128)Type.Size;
        foreach (long length in shape)
        {
            if (length > int.MaxValue) throw file.Bad($"a dataset has an axis of length {length:N0}");
            bytes *= (UInt128)length;
            if (bytes > long.MaxValue) throw file.Bad("a dataset claims more bytes than any file has");
        }
        Bytes = (long)bytes;
        return Array.ConvertAll(shape, length => (int)length);
    }

    private (int[] Chunk, long Address, long Length) ReadSingleChunk(ref Hdf5Reader reader)
    {
        const int OneChunk = 1, IsFiltered = 2;
        int flags = reader.Byte(), axes = reader.Byte(), width = reader.Byte();
        if (width is not (1 or 2 or 4 or 8)) throw file.Bad("the lengths of a chunk have an unknown width");
        int[] shape = ReadChunkShape(ref reader, axes, width);
        if (reader.Byte() != OneChunk) throw file.Bad("it indexes chunks as libver=\"latest\" does; write it without that option");
        long length = shape.Aggregate((long)Type.Size, (product, side) => product * side);
        if ((flags & IsFiltered) != 0)
        {
            length = reader.Long();
            reader.Skip(4);
        }
        return (shape, reader.Long(), length);
    }

    private int[] ReadChunkShape(ref Hdf5Reader reader, int axes, int width)
    {
        if (axes != Shape.Length + 1) throw file.Bad($"a dataset of {Shape.Length} axes has chunks of {axes - 1}");
        var sides = new int[Shape.Length];
        long bytes = Type.Size;
        for (int axis = 0; axis < sides.Length; axis++)
        {
            long side = reader.Number(width);
            if (side is < 1 or > int.MaxValue || (bytes *= side) > Array.MaxLength / 2) throw file.Bad($"a chunk has a side of {side:N0}");
            sides[axis] = (int)side;
        }
        if (bytes > MostExpansion * file.Length + Unwritten) throw file.Bad($"a chunk claims {bytes:N0} bytes, more than the file can hold");
        if (reader.Number(width) != Type.Size) throw file.Bad("the elements of a chunk have another size than those of its dataset");
        return sides;
    }

    private void ReadTree(byte[] all, long node, int depth)
    {
        if (depth == 0) throw file.Bad("the tree of a dataset is deeper than any should be");
        var head = new Hdf5Reader(file.ReadStructure(node, TreeHead), file.Name);
        head.Expect("TREE"u8, "the tree of a dataset");
        if (head.Byte() != 1) throw file.Bad("the tree of a dataset is one of names");
        int level = head.Byte(), used = head.Short(), keyLength = 8 + 8 * (Shape.Length + 1);
        var reader = new Hdf5Reader(file.ReadStructure(node + TreeHead, (long)used * (keyLength + 8)), file.Name);
        var start = new long[Shape.Length];
        for (int i = 0; i < used; i++)
        {
            uint length = reader.Word(), skipped = reader.Word();
            for (int axis = 0; axis < start.Length; axis++) start[axis] = reader.Long();
            reader.Skip(8);
            long child = reader.Long();
            if (level > 0) ReadTree(all, child, depth - 1);
            else Place(all, child, length, skipped, start);
        }
    }

    /// <summary>Unpacks a chunk and copies its rows to their places; what reaches over the edge is left out.</summary>
    private void Place(byte[] all, long place, long length, uint skipped, long[] start)
    {
        int size = Type.Size, rank = Shape.Length, whole = chunk.Aggregate(size, (product, side) => product * side);
        // Chunks reach over the edges, but not for ever.
        if ((unpacked += whole) > 8 * Bytes + Overhang) throw file.Bad("the chunks of a dataset hold many times its numbers");
        byte[] packed = file.ReadStructure(place, length);
        byte[] values = filters is null ? packed : filters.Unpack(packed, skipped, whole, size, file.Name);
        if (values.Length < whole) throw file.Bad("a chunk is cut short");
        for (int axis = 0; axis < rank; axis++)
        {
            if (start[axis] < 0 || start[axis] >= Shape[axis]) return;
        }
        if (rank == 0)
        {
            values.AsSpan(0, size).CopyTo(all);
            return;
        }
        int row = (int)Math.Min(chunk[^1], Shape[^1] - start[^1]) * size;
        var index = new int[rank];
        while (true)
        {
            long from = 0, to = 0;
            bool inside = true;
            for (int axis = 0; axis < rank; axis++)
            {
                from = from * chunk[axis] + index[axis];
                to = to * Shape[axis] + start[axis] + index[axis];
                inside &= start[axis] + index[axis] < Shape[axis];
            }
            if (inside) values.AsSpan((int)(from * size), row).CopyTo(all.AsSpan((int)(to * size)));
            int next = rank - 2;
            while (next >= 0 && ++index[next] == chunk[next]) index[next--] = 0;
            if (next < 0) return;
        }
    }
}
