namespace Cajal.Cli;

/// <summary>Commands to be printed, as they can be typed here: the program by the name under which the shell finds it, words quoted where needed.</summary>
internal static class CommandHint
{
    internal static string Of(params IEnumerable<string> words) => string.Join(' ', words.Select(Quote).Prepend(Program()));

    /// <summary>A word as a POSIX shell takes it.</summary>
    internal static string Quote(string word)
    {
        const string Plain = "-_./=,:+@%\\";
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || (Plain.Contains(c) && (c != '\\' || OperatingSystem.IsWindows())))) return word;
        return OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    private static string Program()
    {
        if (Environment.ProcessPath is not { } path) return "cajal";
        if (Path.GetFileNameWithoutExtension(path) == "dotnet") return $"dotnet {Quote(Short(Path.Combine(AppContext.BaseDirectory, "Cajal.Cli.dll")))}";
        string file = Path.GetFileName(path);
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => Path.Combine(folder, file) == path);
        return found ? Path.GetFileNameWithoutExtension(path) : Quote(Short(path));
    }

    /// <summary>A file for a command to be printed: relative if it lies below where one is.</summary>
    internal static string File(string path) =>
        Path.GetRelativePath(Directory.GetCurrentDirectory(), path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : path;

    /// <summary>Relative to where one is, if that is shorter.</summary>
    private static string Short(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        if (relative.Length >= path.Length) return path;
        return relative.Contains(Path.DirectorySeparatorChar) ? relative : Path.Combine(".", relative);
    }
}
