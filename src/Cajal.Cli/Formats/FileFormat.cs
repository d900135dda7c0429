namespace Cajal.Cli;

/// <summary>A kind of file that can be looked into: how it is known, what is in it. A new format is one class and a line in <see cref="FileFormats"/>.</summary>
/// <param name="name">What it is called.</param>
/// <param name="extensions">Endings of its files, for writing; a file that is read is known by its content.</param>
internal abstract class FileFormat(string name, params string[] extensions)
{
    internal string Name { get; } = name;

    internal IReadOnlyList<string> Extensions { get; } = extensions;

    /// <summary>Whether a file's content is of this format.</summary>
    internal abstract bool Recognises(string path);

    /// <summary>Shows a file on standard output.</summary>
    internal abstract void Inspect(Inspection inspection);

    /// <summary>The tensors of a file, for comparing and converting; null where the format has none.</summary>
    internal virtual TensorSource? Open(string path) => null;

    /// <summary>Whether tensors can be written in this format.</summary>
    internal virtual bool Writes => false;

    /// <summary>Writes tensors.</summary>
    internal virtual void Write(string path, TensorContent content) => throw new UsageException($"{Name} files cannot be written.");
}

/// <summary>The formats there are.</summary>
internal static class FileFormats
{
    /// <summary>In the order in which a file is tried.</summary>
    internal static readonly FileFormat[] All =
    [
        new SafetensorsFormat(), new PyTorchFormat(), new NumpyFormat(), new NumpyArchiveFormat(), new KerasFormat(), new EventFormat(), new OnnxFormat(),
    ];

    /// <summary>The format of an existing file.</summary>
    /// <exception cref="InvalidDataException">It is none that is known.</exception>
    internal static FileFormat Of(string path)
    {
        Files.Existing(path);
        return Array.Find(All, format => format.Recognises(path)) ?? throw new InvalidDataException($"{path} is of no format that can be read: {string.Join(", ", All.Select(format => format.Name).Distinct())}.");
    }

    /// <summary>The format in which a file of this name is to be written.</summary>
    /// <exception cref="UsageException">The ending belongs to none that can be written.</exception>
    internal static FileFormat ForWriting(string path)
    {
        string ending = Path.GetExtension(path).ToLowerInvariant();
        var format = Array.Find(All, format => format.Writes && format.Extensions.Contains(ending));
        string[] known = [.. All.Where(format => format.Writes).SelectMany(format => format.Extensions)];
        return format ?? throw new UsageException($"{path}: the ending says the format, and \"{ending}\" is none that can be written: {string.Join(", ", known)}{DidYouMean.Hint(ending, known)}");
    }

    /// <summary>The tensors of an existing file.</summary>
    /// <exception cref="InvalidDataException">It holds none.</exception>
    internal static TensorSource Tensors(string path) => Of(path) is var format && format.Open(path) is { } source ? source : throw new InvalidDataException($"{path} is a {format.Name} file, which holds no tensors.");
}

/// <summary>What <c>inspect</c> was asked for.</summary>
/// <param name="Terminal">Where to write.</param>
/// <param name="Path">The file.</param>
/// <param name="Json">Whether as JSON lines.</param>
/// <param name="Input">The shape of an input, batch axis included, to run a network on; null if not given.</param>
/// <param name="Statistics">Whether to read all numbers; null leaves it to the size of the file.</param>
internal sealed record Inspection(Terminal Terminal, string Path, bool Json, int[]? Input, bool? Statistics);
