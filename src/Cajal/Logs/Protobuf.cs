using System.Buffers.Binary;
using System.Text;

namespace Cajal.Logs;

/// <summary>Writes messages of Protocol Buffers: a field is its number and wire type as a varint, then a varint, 4 or 8 bytes, or a length and bytes.</summary>
/// <remarks>Source: Protocol Buffers, "Encoding".</remarks>
internal sealed class ProtoWriter
{
    private const int Varint = 0, Eight = 1, Sized = 2, Four = 5;

    private readonly MemoryStream bytes = new();

    internal ReadOnlySpan<byte> Written => bytes.GetBuffer().AsSpan(0, (int)bytes.Length);

    internal ProtoWriter Integer(int field, long value)
    {
        Tag(field, Varint);
        Write((ulong)value);
        return this;
    }

    internal ProtoWriter Single(int field, float value)
    {
        Tag(field, Four);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(number, value);
        bytes.Write(number);
        return this;
    }

    internal ProtoWriter Double(int field, double value)
    {
        Tag(field, Eight);
        Raw(value);
        return this;
    }

    /// <summary>Many numbers under one tag.</summary>
    internal ProtoWriter Doubles(int field, ReadOnlySpan<double> values)
    {
        Tag(field, Sized);
        Write((ulong)values.Length * 8);
        foreach (double value in values) Raw(value);
        return this;
    }

    internal ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    internal ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Sized);
        Write((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    /// <summary>A message inside this one.</summary>
    internal ProtoWriter Message(int field, ProtoWriter inner) => Bytes(field, inner.Written);

    private void Tag(int field, int type) => Write((ulong)(field << 3 | type));

    private void Write(ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes.WriteByte((byte)(value | 0x80));
        bytes.WriteByte((byte)value);
    }

    private void Raw(double value)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(number, value);
        bytes.Write(number);
    }
}

/// <summary>Reads the fields of a message, those that are not known included. Every length is compared with what is left.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> rest = data;

    /// <summary>The number of the field just read.</summary>
    internal int Field { get; private set; }

    /// <summary>The varint or the bits of the fixed number just read.</summary>
    internal ulong Value { get; private set; }

    /// <summary>The bytes just read; empty for a number.</summary>
    internal ReadOnlySpan<byte> Content { get; private set; }

    internal readonly string Text => Encoding.UTF8.GetString(Content);

    internal readonly double Double => BitConverter.UInt64BitsToDouble(Value);

    internal readonly float Single => BitConverter.UInt32BitsToSingle((uint)Value);

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    internal bool Next()
    {
        if (rest.IsEmpty) return false;
        ulong tag = Number();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Content = default;
        switch (tag & 7)
        {
            case 0: Value = Number(); break;
            case 1: Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Content = Take(Number()); break;
            case 5: Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw Damaged();
        }
        return true;
    }

    private ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)rest.Length) throw Damaged();
        var part = rest[..(int)count];
        rest = rest[(int)count..];
        return part;
    }

    private static InvalidDataException Damaged() => new("a message in it is damaged");
}
