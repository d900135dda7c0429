using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Cajal;

/// <summary>CRC-32C over a description and tensors, to notice a file that was damaged where its structure is still whole.</summary>
internal static class Checksum
{
    internal static string Of(string description, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        uint sum = Add(uint.MaxValue, Encoding.UTF8.GetBytes(description));
        foreach (var (key, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            sum = Add(sum, Encoding.UTF8.GetBytes($"{key} {tensor.DType} {tensor.Shape}"));
            var values = tensor.Detach().Contiguous();
            int size = values.DType.Size;
            sum = Add(sum, values.Storage.Span<byte>().Slice(values.Offset * size, values.Count * size));
            GC.KeepAlive(values);
        }
        return sum.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes)) sum = BitOperations.Crc32C(sum, word);
        foreach (byte rest in bytes[(bytes.Length & ~7)..]) sum = BitOperations.Crc32C(sum, rest);
        return sum;
    }
}
