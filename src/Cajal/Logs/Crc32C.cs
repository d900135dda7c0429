using System.Numerics;
using System.Runtime.InteropServices;

namespace Cajal.Logs;

/// <summary>The cyclic redundancy check of Castagnoli's polynomial, and the form TensorFlow writes.</summary>
internal static class Crc32C
{
    /// <summary>Adds bytes to an unfinished sum, which begins as all ones.</summary>
    internal static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes)) sum = BitOperations.Crc32C(sum, word);
        foreach (byte rest in bytes[(bytes.Length & ~7)..]) sum = BitOperations.Crc32C(sum, rest);
        return sum;
    }

    /// <summary>The check of some bytes, turned and shifted so that one of data that hold checks is still a good one (TensorFlow, "tsl/lib/hash/crc32c.h").</summary>
    internal static uint Masked(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(~Add(uint.MaxValue, bytes), 15) + 0xa282ead8;
}
