namespace Cajal;

/// <summary>Writes a file so that a reader sees the old content or the new, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file beside the target, flushes it to the disk, and renames it. On failure the temporary file is removed.</summary>
    internal static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
