using System.IO.Compression;

namespace Cajal.Hdf5;

/// <summary>How the chunks of a dataset were packed, in the order in which it was done.</summary>
internal sealed class Hdf5Filters
{
    private const int Deflate = 1, Shuffle = 2, Fletcher = 3, OwnName = 256, MostFilters = 32;

    private readonly List<int> filters = [];

    internal static Hdf5Filters Read(byte[] data, string file)
    {
        var reader = new Hdf5Reader(data, file);
        int version = reader.Byte(), count = reader.Byte();
        if (version is not (1 or 2) || count > MostFilters) throw Hdf5File.Bad(file, "the list of filters is unknown");
        if (version == 1) reader.Skip(6);
        var made = new Hdf5Filters();
        for (int i = 0; i < count; i++)
        {
            int id = reader.Short(), nameLength = version == 1 || id >= OwnName ? reader.Short() : 0;
            reader.Skip(2);
            int values = reader.Short();
            reader.Skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength);
            reader.Skip(4 * values + (version == 1 && values % 2 == 1 ? 4 : 0));
            if (id is not (Deflate or Shuffle or Fletcher)) throw Hdf5File.Bad(file, $"a dataset is packed by filter {id}; only gzip, shuffle and fletcher32 are read");
            made.filters.Add(id);
        }
        return made;
    }

    /// <summary>Unpacks one chunk.</summary>
    /// <param name="packed">Its bytes in the file.</param>
    /// <param name="skipped">A bit for each filter that was left out.</param>
    /// <param name="length">How many bytes come out.</param>
    /// <param name="elementSize">Bytes per element.</param>
    /// <param name="file">What to call the file.</param>
    internal byte[] Unpack(byte[] packed, uint skipped, int length, int elementSize, string file)
    {
        for (int i = filters.Count - 1; i >= 0; i--)
        {
            if ((skipped >> i & 1) != 0) continue;
            packed = filters[i] switch
            {
                Deflate => Inflate(packed, length, file),
                Shuffle => Unshuffle(packed, elementSize),
                _ => packed.Length >= 4 ? packed[..^4] : packed,
            };
        }
        return packed.Length == length ? packed : throw Hdf5File.Bad(file, $"a chunk has {packed.Length:N0} bytes in place of {length:N0}");
    }

    private static byte[] Inflate(byte[] packed, int length, string file)
    {
        using var stream = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        try
        {
            // A checksum may follow the numbers.
            const int Checksum = 4;
            byte[] bytes = new byte[length + Checksum];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes[..read];
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{file} is damaged: a chunk cannot be unpacked ({error.Message.TrimEnd('.')}).", error);
        }
    }

    /// <summary>First all first bytes, then all second bytes and so on: back to elements.</summary>
    private static byte[] Unshuffle(byte[] bytes, int elementSize)
    {
        int count = bytes.Length / elementSize;
        byte[] result = [.. bytes];
        for (int i = 0; i < count; i++)
        {
            for (int b = 0; b < elementSize; b++) result[i * elementSize + b] = bytes[b * count + i];
        }
        return result;
    }
}
