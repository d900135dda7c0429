namespace Cajal.Hdf5;

/// <summary>A message in an object's header: one fact about it.</summary>
internal readonly record struct Hdf5Message(int Type, byte[] Data);

/// <summary>A group or a dataset: its header, read whole.</summary>
internal sealed class Hdf5Object
{
    private const int Dataspace = 0x01, LinkInfo = 0x02, Datatype = 0x03, Link = 0x06, Layout = 0x08, Filters = 0x0B, Attribute = 0x0C, Continuation = 0x10, SymbolTable = 0x11, SharedFlag = 2;

    private readonly Hdf5File file;
    private readonly List<Hdf5Message> messages = [];

    private Hdf5Object(Hdf5File file, long address) => (this.file, Address) = (file, address);

    internal long Address { get; }

    internal bool IsDataset => Find(Layout) is not null;

    internal static Hdf5Object Read(Hdf5File file, long address)
    {
        var made = new Hdf5Object(file, address);
        byte[] start = file.ReadStructure(address, Math.Min(16, Math.Max(0, file.Length - address)));
        if (start.AsSpan().StartsWith("OHDR"u8)) made.ReadNew(address);
        else made.ReadOld(address, start);
        return made;
    }

    /// <summary>The members of a group by name; null where this is none.</summary>
    private IReadOnlyList<KeyValuePair<string, long>>? Members()
    {
        if (Find(SymbolTable) is { } table)
        {
            var reader = new Hdf5Reader(table, file.Name);
            return new Hdf5SymbolTable(file).Read(reader.Long(), reader.Long());
        }
        if (IsDataset) return null;
        if (Find(LinkInfo) is { } info)
        {
            var reader = new Hdf5Reader(info, file.Name);
            reader.Skip(1);
            if ((reader.Byte() & 1) != 0) reader.Skip(8);
            if (reader.Long() >= 0) throw file.Bad("it keeps a group's members in a heap, as libver=\"latest\" does for large groups; write it without that option");
        }
        return [.. messages.Where(message => message.Type == Link).Select(message => ReadLink(message.Data)).Where(link => link.Value >= 0)];
    }

    /// <summary>The members of a group by name, to be read when they are asked for; none where this is a dataset. Of two with one name the first counts.</summary>
    internal OrderedDictionary<string, Func<Hdf5Object>> Open()
    {
        var members = new OrderedDictionary<string, Func<Hdf5Object>>(StringComparer.Ordinal);
        foreach (var (name, address) in Members() ?? []) members.TryAdd(name, () => Read(file, address));
        return members;
    }

    /// <summary>A text, or the texts of a one-dimensional attribute; null where there is none of that name, or it holds no text.</summary>
    internal string[]? Texts(string attribute)
    {
        foreach (var message in messages.Where(message => message.Type == Attribute))
        {
            var reader = new Hdf5Reader(message.Data, file.Name);
            int version = reader.Byte();
            if (version is < 1 or > 3) throw file.Bad($"an attribute has the unknown version {version}");
            bool shared = (reader.Byte() & 1) != 0 && version > 1;
            int nameLength = reader.Short(), typeLength = reader.Short(), spaceLength = reader.Short();
            if (version == 3) reader.Skip(1);
            string name = reader.Text(nameLength);
            if (version == 1) reader.Align();
            if (name != attribute) continue;
            if (shared) return null;
            var type = Hdf5Type.Read(reader.Take(typeLength), file.Name);
            if (version == 1) reader.Align();
            long[] shape = ReadShape(reader.Take(spaceLength));
            if (version == 1) reader.Align();
            return type.Kind == Hdf5Kind.Text ? ReadTexts(ref reader, type, shape) : null;
        }
        return null;
    }

    /// <summary>What is needed to read this dataset's numbers.</summary>
    internal Hdf5Dataset Dataset()
    {
        byte[] type = Find(Datatype) ?? throw file.Bad("a dataset has no type that can be read (types with names of their own cannot)");
        byte[] space = Find(Dataspace) ?? throw file.Bad("a dataset has no shape");
        var filters = Find(Filters) is { } pipeline ? Hdf5Filters.Read(pipeline, file.Name) : null;
        return new(file, Hdf5Type.Read(type, file.Name), ReadShape(space), Find(Layout)!, filters);
    }

    private string[] ReadTexts(ref Hdf5Reader reader, Hdf5Type type, long[] shape)
    {
        UInt128 count = 1;
        foreach (long length in shape) count = count > int.MaxValue ? count : count * (UInt128)length;
        if (count * (UInt128)type.Size > (UInt128)reader.Left) throw file.Bad("an attribute is cut short");
        var texts = new string[(int)count];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!type.IsVariable)
            {
                texts[i] = reader.Text(type.Size);
                continue;
            }
            uint length = reader.Word();
            long heap = reader.Long();
            int index = (int)reader.Word();
            texts[i] = length == 0 ? "" : file.HeapText(heap, index, length);
        }
        return texts;
    }

    private long[] ReadShape(ReadOnlySpan<byte> data)
    {
        var reader = new Hdf5Reader(data, file.Name);
        int version = reader.Byte(), rank = reader.Byte();
        if (version is not (1 or 2)) throw file.Bad($"a shape has the unknown version {version}");
        reader.Skip(version == 1 ? 6 : 1);
        if (version == 2 && reader.Byte() == 2) return [0];
        var shape = new long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            shape[axis] = reader.Long();
            if (shape[axis] < 0) throw file.Bad("an axis is longer than any can be");
        }
        return shape;
    }

    private KeyValuePair<string, long> ReadLink(byte[] data)
    {
        var reader = new Hdf5Reader(data, file.Name);
        reader.Skip(1);
        int flags = reader.Byte(), type = (flags & 8) != 0 ? reader.Byte() : 0;
        if ((flags & 4) != 0) reader.Skip(8);
        if ((flags & 16) != 0) reader.Skip(1);
        string name = reader.Text(reader.Number(1 << (flags & 3)));
        return new(name, type == 0 ? reader.Long() : -1);
    }

    private byte[]? Find(int type)
    {
        foreach (var message in messages)
        {
            if (message.Type == type) return message.Data;
        }
        return null;
    }

    private void ReadOld(long address, byte[] start)
    {
        var reader = new Hdf5Reader(start, file.Name);
        int version = reader.Byte();
        if (version != 1) throw file.Bad($"an object's header has the unknown version {version}");
        reader.Skip(1);
        int count = reader.Short();
        reader.Skip(4);
        var blocks = new Queue<(long Address, long Length)>([(address + 16, reader.Word())]);
        while (blocks.TryDequeue(out var block) && messages.Count <= count)
        {
            var inside = new Hdf5Reader(file.ReadStructure(block.Address, block.Length), file.Name);
            while (inside.Left >= 8)
            {
                int type = inside.Short(), length = inside.Short(), flags = inside.Byte();
                inside.Skip(3);
                Add(type, flags, inside.Take(length).ToArray(), blocks);
            }
        }
    }

    private void ReadNew(long address)
    {
        byte[] start = file.ReadStructure(address, Math.Min(40, file.Length - address));
        var reader = new Hdf5Reader(start, file.Name);
        reader.Skip(4);
        int version = reader.Byte(), flags = reader.Byte();
        if (version != 2) throw file.Bad($"an object's header has the unknown version {version}");
        if ((flags & 0x20) != 0) reader.Skip(16);
        if ((flags & 0x10) != 0) reader.Skip(4);
        long length = reader.Number(1 << (flags & 3));
        const int Checksum = 4;
        var blocks = new Queue<(long Address, long Length)>([(address + reader.Position, length + Checksum)]);
        for (bool first = true; blocks.TryDequeue(out var block); first = false)
        {
            var inside = new Hdf5Reader(file.ReadStructure(block.Address, block.Length), file.Name);
            if (!first) inside.Expect("OCHK"u8, "a part of a header");
            int prefix = (flags & 4) != 0 ? 6 : 4;
            while (inside.Left >= prefix + Checksum)
            {
                int type = inside.Byte(), size = inside.Short(), own = inside.Byte();
                inside.Skip(prefix - 4);
                Add(type, own, inside.Take(size).ToArray(), blocks);
            }
        }
    }

    private void Add(int type, int flags, byte[] data, Queue<(long Address, long Length)> blocks)
    {
        if (type == Continuation)
        {
            var reader = new Hdf5Reader(data, file.Name);
            blocks.Enqueue((reader.Long(), reader.Long()));
        }
        else if ((flags & SharedFlag) == 0) messages.Add(new(type, data));
    }
}
