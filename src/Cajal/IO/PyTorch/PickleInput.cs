using System.Buffers.Binary;
using System.Text;

namespace Cajal.Pickle;

/// <summary>The bytes of a pickle, one after the other, counted and bounded.</summary>
/// <param name="stream">Where they come from.</param>
/// <param name="length">How many there are at most.</param>
/// <param name="name">What to call it in messages.</param>
internal sealed class PickleInput(Stream stream, long length, string name)
{
    private const int LongestLine = 4096;

    private readonly byte[] buffer = new byte[1 << 14];
    private int filled, next;

    /// <summary>Bytes taken so far.</summary>
    internal long Position { get; private set; }

    internal string Name => name;

    internal byte ReadByte()
    {
        if (next == filled) Refill();
        Position++;
        return buffer[next++];
    }

    internal ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Read(2));

    internal int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(4));

    internal long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Read(8));

    internal double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Read(8));

    /// <summary>So many bytes; the count is compared with what is there before anything is allocated.</summary>
    internal byte[] Read(long count)
    {
        if (count < 0 || count > length - Position || count > Array.MaxLength) throw Bad($"it announces {count:N0} bytes where {Math.Max(0, length - Position):N0} are left");
        byte[] bytes = new byte[count];
        for (int done = 0; done < bytes.Length;)
        {
            if (next == filled) Refill();
            int part = Math.Min(filled - next, bytes.Length - done);
            buffer.AsSpan(next, part).CopyTo(bytes.AsSpan(done));
            (next, done, Position) = (next + part, done + part, Position + part);
        }
        return bytes;
    }

    internal string ReadText(long count) => Encoding.UTF8.GetString(Read(count));

    /// <summary>Text up to the end of the line.</summary>
    internal string ReadLine()
    {
        var line = new StringBuilder();
        for (byte b = ReadByte(); b != '\n'; b = ReadByte())
        {
            if (line.Length == LongestLine) throw Bad($"a line has more than {LongestLine} characters");
            line.Append((char)b);
        }
        return line.ToString();
    }

    internal InvalidDataException Bad(string what) => new($"{name} is not a pickle that can be read: {what}.");

    private void Refill()
    {
        if (Position >= length) throw Bad("it is cut short");
        try
        {
            filled = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, length - Position));
        }
        catch (InvalidDataException error)
        {
            throw Bad($"it cannot be unpacked ({error.Message.TrimEnd('.')})");
        }
        next = 0;
        if (filled == 0) throw Bad("it is cut short");
    }
}
