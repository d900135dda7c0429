using Microsoft.Win32.SafeHandles;

namespace Cajal;

/// <summary>
/// Random access to the bytes of a file or stream. A file is read at positions (pread), so threads need no lock. It is not mapped into memory: a tensor owns its numbers, so they are copied either
/// way, and a mapped file that somebody cuts short kills the process that reads it.
/// </summary>
internal sealed class FileBytes : IDisposable
{
    private readonly SafeFileHandle? handle;
    private readonly Stream? stream;
    private readonly Lock gate = new();

    /// <summary>Opens a file.</summary>
    internal FileBytes(string path)
    {
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Name = path;
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>Takes over a stream that can seek.</summary>
    internal FileBytes(Stream stream, string name)
    {
        if (!stream.CanSeek) throw new ArgumentException("Tensors are read where they lie, so the stream must be able to seek; copy it into a MemoryStream first.", nameof(stream));
        this.stream = stream;
        Name = name;
        Length = stream.Length;
    }

    /// <summary>How messages call it.</summary>
    internal string Name { get; }

    internal long Length { get; }

    /// <summary>Fills <paramref name="target"/> from <paramref name="position"/> on.</summary>
    /// <exception cref="InvalidDataException">The file ends before that; the message names <paramref name="what"/>.</exception>
    internal void Read(long position, Span<byte> target, string what)
    {
        if (position < 0 || position > Length - target.Length) throw Short(what);
        if (handle is null)
        {
            lock (gate)
            {
                stream!.Position = position;
                if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length) throw Short(what);
            }
            return;
        }
        while (target.Length > 0)
        {
            int read = RandomAccess.Read(handle, target, position);
            if (read == 0) throw Short(what);
            target = target[read..];
            position += read;
        }
    }

    public void Dispose()
    {
        handle?.Dispose();
        stream?.Dispose();
    }

    private InvalidDataException Short(string what) => new($"{Name} is cut short: it ends inside {what}.");
}
