using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Cajal;

/// <summary>One file in a zip archive.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="IsPacked">Whether it is deflated; it is stored as it is otherwise.</param>
/// <param name="PackedLength">Its bytes in the archive.</param>
/// <param name="Length">Its bytes as the archive claims them.</param>
/// <param name="HeaderStart">Where its local header begins.</param>
internal sealed record ZipItem(string Name, bool IsPacked, long PackedLength, long Length, long HeaderStart);

/// <summary>
/// The files of a zip archive and where their bytes lie, so that one that is stored unpacked, as PyTorch and NumPy do, is read in place, a part at a time and by several threads.
/// </summary>
/// <remarks>Source: PKWARE, APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 to 4.3.16 (its end, also with 64 bits), 4.5.3 (lengths of 64 bits).</remarks>
internal sealed class ZipDirectory
{
    private const int EndLength = 22, LongestComment = ushort.MaxValue, LocatorLength = 20, EntryLength = 46, LocalLength = 30;
    private const uint EndMark = 0x06054b50, LocatorMark = 0x07064b50, End64Mark = 0x06064b50, EntryMark = 0x02014b50, LocalMark = 0x04034b50;

    /// <summary>A directory of more than this is not that of a file of weights.</summary>
    private const int LongestDirectory = 256 << 20;

    private readonly FileBytes bytes;
    private readonly OrderedDictionary<string, ZipItem> items = new(StringComparer.Ordinal);

    private ZipDirectory(FileBytes bytes) => this.bytes = bytes;

    /// <summary>The files by their paths, in the order of the directory.</summary>
    internal IReadOnlyDictionary<string, ZipItem> Items => items;

    /// <summary>Reads the directory.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    internal static ZipDirectory Read(FileBytes bytes)
    {
        var directory = new ZipDirectory(bytes);
        var (start, length) = directory.FindDirectory();
        byte[] data = new byte[length];
        bytes.Read(start, data, "the directory of the archive");
        for (int at = 0; at < data.Length;) at += directory.AddItem(data.AsSpan(at));
        return directory;
    }

    /// <summary>Reads a part of a file that is stored unpacked.</summary>
    internal void ReadPart(ZipItem item, long skip, Span<byte> target)
    {
        if (skip + target.Length > item.Length) throw Bad($"{item.Name} has {item.Length:N0} bytes, and {skip + target.Length:N0} are needed");
        bytes.Read(DataStart(item) + skip, target, item.Name);
    }

    /// <summary>Opens a file for reading from its beginning; a packed one is unpacked on the way.</summary>
    internal Stream Open(ZipItem item)
    {
        long start = DataStart(item);
        if (start + item.PackedLength > bytes.Length) throw Bad($"{item.Name} reaches beyond its end");
        var part = new PartStream(bytes, start, item.PackedLength, item.Name);
        return item.IsPacked ? new DeflateStream(part, CompressionMode.Decompress) : part;
    }

    /// <summary>Reads a whole small file.</summary>
    /// <param name="item">Which.</param>
    /// <param name="most">The length beyond which it is refused.</param>
    internal byte[] ReadWhole(ZipItem item, long most)
    {
        if (item.Length > most) throw Bad($"{item.Name} claims {item.Length:N0} bytes; at most {most:N0} are believable");
        using var stream = Open(item);
        return BoundedReader.ReadExactly(stream, item.Length, $"{bytes.Name}, {item.Name}");
    }

    private (long Start, int Length) FindDirectory()
    {
        if (bytes.Length < EndLength) throw Bad("it is too short");
        byte[] tail = new byte[(int)Math.Min(bytes.Length, EndLength + LongestComment)];
        bytes.Read(bytes.Length - tail.Length, tail, "the end of the archive");
        int at = tail.Length - EndLength;
        while (at >= 0 && Word(tail.AsSpan(at)) != EndMark) at--;
        if (at < 0) throw Bad("the directory at its end is missing: the file is cut short");
        long length = Word(tail.AsSpan(at + 12)), start = Word(tail.AsSpan(at + 16));
        if ((start == uint.MaxValue || length == uint.MaxValue) && at >= LocatorLength && Word(tail.AsSpan(at - LocatorLength)) == LocatorMark)
        {
            Span<byte> end = stackalloc byte[56];
            bytes.Read(Long(tail.AsSpan(at - LocatorLength + 8)), end, "the end of the directory");
            if (Word(end) != End64Mark) throw Bad("its 64-bit directory is missing");
            (length, start) = (Long(end[40..]), Long(end[48..]));
        }
        if (length < 0 || start < 0 || length > LongestDirectory || start > bytes.Length - length) throw Bad("its directory lies outside the file");
        return (start, (int)length);
    }

    private int AddItem(ReadOnlySpan<byte> data)
    {
        if (data.Length < EntryLength || Word(data) != EntryMark) throw Bad("its directory holds something that is no entry");
        int method = Short(data[10..]), nameLength = Short(data[28..]), extraLength = Short(data[30..]), commentLength = Short(data[32..]);
        int total = EntryLength + nameLength + extraLength + commentLength;
        if (data.Length < total) throw Bad("an entry of its directory is cut short");
        string name = Encoding.UTF8.GetString(data.Slice(EntryLength, nameLength));
        long packed = Word(data[20..]), length = Word(data[24..]), start = Word(data[42..]);
        Widen(data.Slice(EntryLength + nameLength, extraLength), ref length, ref packed, ref start);
        bool encrypted = (Short(data[8..]) & 1) != 0;
        if (method is not (0 or 8) || encrypted) throw Bad($"{name} is {(encrypted ? "encrypted" : $"packed by method {method}")}, which cannot be read");
        if (packed < 0 || length < 0 || start < 0 || start > bytes.Length || packed > bytes.Length - start || (method == 0 && packed != length)) throw Bad($"{name} reaches beyond its end");
        if (!items.TryAdd(name, new(name, method == 8, packed, length, start))) throw Bad($"it holds two files called {name}");
        return total;
    }

    /// <summary>Lengths that do not fit 32 bits stand in the extra field 1, those only, in a fixed order.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long start)
    {
        while (extra.Length >= 4)
        {
            int id = Short(extra), size = Short(extra[2..]);
            if (size > extra.Length - 4) return;
            var field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id != 1) continue;
            Next(ref length, ref field);
            Next(ref packed, ref field);
            Next(ref start, ref field);
            return;
        }
    }

    private static void Next(ref long value, ref ReadOnlySpan<byte> field)
    {
        if (value != uint.MaxValue || field.Length < 8) return;
        value = Long(field);
        field = field[8..];
    }

    private long DataStart(ZipItem item)
    {
        Span<byte> header = stackalloc byte[LocalLength];
        bytes.Read(item.HeaderStart, header, item.Name);
        if (Word(header) != LocalMark) throw Bad($"{item.Name} is not where its directory says");
        return item.HeaderStart + LocalLength + Short(header[26..]) + Short(header[28..]);
    }

    private InvalidDataException Bad(string what) => new($"{bytes.Name} is not an archive that can be read: {what}.");

    private static int Short(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt16LittleEndian(data);

    private static long Word(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt32LittleEndian(data);

    private static long Long(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadInt64LittleEndian(data);
}
