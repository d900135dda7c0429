namespace Cajal;

/// <summary>Writes files that are either the old content or the whole new one, whatever happens in between: an error, a full disk, a killed process.</summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, brings it to the disk, and renames it over <paramref name="path"/>.
    /// If anything fails, what was at <paramref name="path"/> stays as it was and the temporary file is removed.
    /// </summary>
    /// <exception cref="IOException">The folder does not exist, the disk is full, or the file may not be replaced; the message names <paramref name="path"/>.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Target(path);
        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{path} cannot be written: the folder {folder} does not exist.");
        if (Directory.Exists(target)) throw new IOException($"{path} cannot be written: it is a folder.");

        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error)
        {
            Remove(temporary);
            if (IsRefusal(error)) throw new IOException($"{path} cannot be written: {Reason(error, temporary, target)}; what was there before is unchanged.", error);
            throw;
        }
    }

    /// <summary>Whether the system refused. A file beyond what the system or a limit allows comes out of .NET on Unix as an argument out of range.</summary>
    private static bool IsRefusal(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value", ActualValue: null };

    /// <summary>What the system said, without the name of the temporary file, which means nothing to anybody.</summary>
    private static string Reason(Exception error, string temporary, string target) => error is ArgumentOutOfRangeException
        ? "it would be larger than the system allows"
        : error.Message.Replace($" : '{temporary}'", "", StringComparison.Ordinal).Replace(temporary, target, StringComparison.Ordinal).TrimEnd('.');

    /// <summary>A link is followed, so that renaming replaces the file it points to and not the link.</summary>
    private static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } link ? link.FullName : full;
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to hear about; a leftover is named so that it cannot be mistaken for a model.
        }
    }
}
