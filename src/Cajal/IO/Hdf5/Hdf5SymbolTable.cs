namespace Cajal.Hdf5;

/// <summary>A group in the form h5py writes by default: a tree of names, which themselves stand in a heap.</summary>
internal sealed class Hdf5SymbolTable(Hdf5File file)
{
    private const int Deepest = 32, NodeHead = 24, LeafHead = 8, SymbolLength = 40;

    private readonly List<KeyValuePair<string, long>> members = [];
    private byte[] names = [];

    /// <summary>Names with the addresses of their objects, in the order of the names.</summary>
    internal List<KeyValuePair<string, long>> Read(long tree, long heap)
    {
        var reader = new Hdf5Reader(file.ReadStructure(heap, 32), file.Name);
        reader.Expect("HEAP"u8, "a group's heap of names");
        reader.Skip(4);
        long length = reader.Long();
        reader.Skip(8);
        names = file.ReadStructure(reader.Long(), length);
        ReadNode(tree, Deepest);
        return members;
    }

    private void ReadNode(long address, int depth)
    {
        if (depth == 0) throw file.Bad("the tree of a group is deeper than any should be");
        var head = new Hdf5Reader(file.ReadStructure(address, NodeHead), file.Name);
        head.Expect("TREE"u8, "the tree of a group");
        if (head.Byte() != 0) throw file.Bad("the tree of a group is one of numbers");
        int level = head.Byte(), used = head.Short();
        var reader = new Hdf5Reader(file.ReadStructure(address + NodeHead, 16L * used), file.Name);
        for (int i = 0; i < used; i++)
        {
            reader.Skip(8);
            long child = reader.Long();
            if (level > 0) ReadNode(child, depth - 1);
            else ReadLeaf(child);
        }
    }

    private void ReadLeaf(long address)
    {
        var head = new Hdf5Reader(file.ReadStructure(address, LeafHead), file.Name);
        head.Expect("SNOD"u8, "a node of a group");
        head.Skip(2);
        int count = head.Short();
        var reader = new Hdf5Reader(file.ReadStructure(address + LeafHead, (long)SymbolLength * count), file.Name);
        for (int i = 0; i < count; i++)
        {
            long name = reader.Long(), target = reader.Long();
            int kind = (int)reader.Word();
            reader.Skip(20);
            const int SymbolicLink = 2;
            if (kind != SymbolicLink) members.Add(new(NameAt(name), target));
        }
    }

    private string NameAt(long offset)
    {
        if (offset < 0 || offset >= names.Length) throw file.Bad("a name lies outside its heap");
        var rest = names.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
