namespace Cajal;

/// <summary>Reads a known number of bytes without believing that number before the bytes are there.</summary>
internal static class BoundedReader
{
    /// <summary>One tensor holds at most 2 GiB; no file reader accepts more.</summary>
    internal static readonly long MaxBytes = Array.MaxLength;

    private const int FirstChunk = 1 << 20;

    /// <summary>
    /// Reads exactly <paramref name="count"/> bytes. The buffer grows with what has been read (at most doubling), so a short file whose
    /// header promises gigabytes costs at most a megabyte.
    /// </summary>
    /// <exception cref="InvalidDataException">The stream ends early, or <paramref name="count"/> is beyond the bound.</exception>
    internal static byte[] ReadExactly(Stream stream, long count, string what)
    {
        if (count < 0 || count > MaxBytes)
        {
            throw new InvalidDataException($"{what}: the header asks for {count} bytes; at most {MaxBytes} can be read.");
        }
        if (stream.CanSeek && stream.Length - stream.Position < count)
        {
            throw Short(what, count, stream.Length - stream.Position);
        }
        var buffer = new byte[stream.CanSeek ? count : Math.Min(count, FirstChunk)];
        int read = 0;
        while (read < count)
        {
            if (read == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(count, 2L * buffer.Length));
            }
            int got = ReadSome(stream, buffer.AsSpan(read), what);
            if (got == 0)
            {
                throw Short(what, count, read);
            }
            read += got;
        }
        return buffer;
    }

    /// <summary>Opens a file, unpacking gzip when the first two bytes say so, whatever the name is.</summary>
    internal static Stream OpenMaybeGzip(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        bool gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return gzip ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress) : file;
    }

    /// <summary>Whether nothing is left. Behind packed data stands their checksum, which is compared here.</summary>
    /// <exception cref="InvalidDataException">The packed data are damaged.</exception>
    internal static bool IsAtEnd(Stream stream, string what) => ReadSome(stream, stackalloc byte[1], what) == 0;

    private static int ReadSome(Stream stream, Span<byte> destination, string what)
    {
        try
        {
            return stream.Read(destination);
        }
        catch (InvalidDataException inner)
        {
            throw new InvalidDataException($"{what}: the compressed data are damaged ({inner.Message}) Get the file again.", inner);
        }
    }

    private static InvalidDataException Short(string what, long wanted, long got) =>
        new($"{what}: the file is cut short: {wanted} bytes of values are announced, {got} are there. Get the file again.");
}
