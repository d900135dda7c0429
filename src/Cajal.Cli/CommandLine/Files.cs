namespace Cajal.Cli;

/// <summary>Looks at paths the user typed.</summary>
internal static class Files
{
    /// <summary>The path, if a file is there.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message offers a neighbour with a similar name.</exception>
    internal static string Existing(string path)
    {
        if (File.Exists(path)) return path;
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder; name a file.");
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"there is no file {path}: the folder {folder} does not exist.");
        string hint = DidYouMean.Hint(Path.GetFileName(path), Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!));
        throw new FileNotFoundException($"there is no file {path}{(hint.Length > 0 ? hint : ".")}");
    }

    /// <summary>The folder, made if need be.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal static string Folder(string path)
    {
        if (File.Exists(path)) throw new IOException($"--out {path} is a file; name a folder.");
        return Directory.CreateDirectory(path).FullName;
    }
}
