using System.Buffers.Binary;

namespace Cajal.Tests.Fuzz;

/// <summary>Damages a file the way that finds faults in readers: flipped bits, numbers at the edges of their ranges, pieces cut, doubled and exchanged.</summary>
internal static class Mutation
{
    private static readonly long[] Edges = [0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 31, 1L << 32, 1L << 40, long.MaxValue, long.MinValue, long.MaxValue / 8, 1L << 62];

    /// <summary>One to six damages; the same random numbers give the same file.</summary>
    internal static byte[] Of(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        for (int count = random.Next(1, 7); count > 0 && bytes.Length > 0; count--) bytes = Once(bytes, random);
        return bytes;
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length), length = Math.Min(random.Next(1, 64), bytes.Length - at);
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 3:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 4:
                bytes[at] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => 0x7F };
                return bytes;
            case 5 or 6:
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(number, random.Next(4) == 0 ? bytes.Length + random.Next(-9, 9) : Edges[random.Next(Edges.Length)]);
                number[..Math.Min(1 << random.Next(4), bytes.Length - at)].CopyTo(bytes.AsSpan(at));
                return bytes;
            case 7: return random.Next(4) == 0 ? bytes[..at] : [.. bytes[..at], .. bytes[(at + length)..]];
            case 8: return [.. bytes[..(at + length)], .. bytes[at..(at + length)], .. bytes[(at + length)..]];
            default:
                int from = random.Next(bytes.Length - length + 1);
                bytes.AsSpan(from, length).ToArray().CopyTo(bytes, at);
                return bytes;
        }
    }
}
