namespace Cajal.Hdf5;

/// <summary>
/// Reads what h5py writes: groups, attributes of text, datasets of numbers. Everything is bounds-checked, and all reads of structure together may take only a few times the length of the file, so
/// a hostile file can neither make us loop nor allocate.
/// </summary>
/// <remarks>
/// Source: The HDF Group, "HDF5 File Format Specification Version 3.0". Read: superblocks 0 to 3, object headers 1 and 2, groups as symbol tables and as links in the header, contiguous, compact
/// and chunked data (deflate, shuffle, checksum). Not read, and said so: groups and chunks indexed in the newer ways, which h5py uses only with libver="latest", and links to other files.
/// An own reader and not PureHDF, because that allocates gigabytes for mutated files and does not run when compiled ahead of time (measured, see docs/architecture.md).
/// </remarks>
internal sealed class Hdf5File
{
    private const long Allowance = 1 << 20;

    private readonly FileBytes bytes;
    private readonly long rootAddress;
    private readonly Dictionary<long, byte[]> heaps = [];
    private long budget;

    internal Hdf5File(FileBytes bytes)
    {
        this.bytes = bytes;
        budget = 16 * bytes.Length + Allowance;
        byte[] block = new byte[(int)Math.Min(128, bytes.Length)];
        bytes.Read(0, block, "its superblock");
        var reader = new Hdf5Reader(block, bytes.Name);
        reader.Expect(Signature, "the signature");
        int version = reader.Byte();
        if (version > 3) throw Bad($"its superblock has the unknown version {version}");
        if (version < 2) reader.Skip(4);
        int offsets = reader.Byte(), lengths = reader.Byte();
        if (offsets != 8 || lengths != 8) throw Bad($"its addresses have {offsets} bytes and its lengths {lengths}; only 8 are read");
        if (version < 2) reader.Skip(version == 0 ? 9 : 13);
        else reader.Skip(1);
        if (reader.Long() != 0) throw Bad("it does not begin at its first byte");
        reader.Skip(version < 2 ? 32 : 16);
        rootAddress = reader.Long();
    }

    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    internal string Name => bytes.Name;

    internal long Length => bytes.Length;

    internal Hdf5Object Root => Hdf5Object.Read(this, rootAddress);

    /// <summary>Reads a piece of structure, which counts.</summary>
    internal byte[] ReadStructure(long address, long count)
    {
        if (address < 0 || count < 0 || count > Length || address > Length - count) throw Bad($"it refers to {count:N0} bytes at {address:N0}, outside its {Length:N0}");
        budget -= count + 64;
        if (budget < 0) throw Bad("its structure leads in circles");
        byte[] data = new byte[count];
        bytes.Read(address, data, "its structure");
        return data;
    }

    /// <summary>Reads numbers.</summary>
    internal void ReadNumbers(long address, Span<byte> target)
    {
        if (address < 0) throw Bad("its numbers lie before its beginning");
        bytes.Read(address, target, "its numbers");
    }

    /// <summary>A text of variable length, kept in a collection of such.</summary>
    internal string HeapText(long collection, int index, long length)
    {
        if (!heaps.TryGetValue(collection, out byte[]? data))
        {
            var head = new Hdf5Reader(ReadStructure(collection, 16), Name);
            head.Expect("GCOL"u8, "a heap of texts");
            head.Skip(4);
            heaps[collection] = data = ReadStructure(collection, head.Long());
        }
        var reader = new Hdf5Reader(data, Name);
        reader.Skip(16);
        while (reader.Left >= 16)
        {
            int number = reader.Short();
            reader.Skip(6);
            long size = reader.Long();
            if (number == 0) break;
            if (number == index) return reader.Text(Math.Min(size, length));
            reader.Skip(size);
            reader.Align();
        }
        throw Bad("a text in it is not where it should be");
    }

    internal InvalidDataException Bad(string what) => Bad(Name, what);

    internal static InvalidDataException Bad(string file, string what) => new($"{file} is not an HDF5 file that can be read: {what}.");
}
