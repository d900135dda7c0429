using System.Text;
using Cajal.Logs;

namespace Cajal;

/// <summary>CRC-32C over a description and tensors, to notice a file that was damaged where its structure is still whole.</summary>
internal static class Checksum
{
    internal static string Of(string description, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        uint sum = Crc32C.Add(uint.MaxValue, Encoding.UTF8.GetBytes(description));
        foreach (var (key, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            sum = Crc32C.Add(sum, Encoding.UTF8.GetBytes($"{key} {tensor.DType} {tensor.Shape}"));
            var values = tensor.Detach().Contiguous();
            int size = values.DType.Size;
            sum = Crc32C.Add(sum, values.Storage.Span<byte>().Slice(values.Offset * size, values.Count * size));
            GC.KeepAlive(values);
        }
        return sum.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
