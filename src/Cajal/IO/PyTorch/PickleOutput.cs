using System.Buffers.Binary;
using System.Text;

namespace Cajal.Pickle;

/// <summary>Writes the few instructions of pickle protocol 2 that a state dict takes.</summary>
internal sealed class PickleOutput
{
    private readonly MemoryStream bytes = new();

    internal PickleOutput() => Write(0x80, 2);

    internal byte[] Finish()
    {
        Write((byte)'.');
        return bytes.ToArray();
    }

    /// <summary>Names a class or function.</summary>
    internal void Global(string module, string name) => bytes.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    internal void Mark() => Write((byte)'(');

    /// <summary>A tuple of what was written since the last mark.</summary>
    internal void Tuple() => Write((byte)'t');

    internal void EmptyTuple() => Write((byte)')');

    /// <summary>Calls what was written before last with the tuple written last.</summary>
    internal void Reduce() => Write((byte)'R');

    /// <summary>Makes the tuple written last the name of something outside.</summary>
    internal void Persistent() => Write((byte)'Q');

    /// <summary>Puts the keys and values written since the last mark into the dictionary before it.</summary>
    internal void SetItems() => Write((byte)'u');

    internal void Bool(bool value) => Write(value ? (byte)0x88 : (byte)0x89);

    internal void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Write((byte)'X');
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        bytes.Write(length);
        bytes.Write(utf8);
    }

    internal void Integer(int value)
    {
        Write((byte)'J');
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, value);
        bytes.Write(number);
    }

    internal void Integers(ReadOnlySpan<int> values)
    {
        Mark();
        foreach (int value in values) Integer(value);
        Tuple();
    }

    private void Write(params ReadOnlySpan<byte> codes) => bytes.Write(codes);
}
