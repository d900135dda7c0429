namespace Cajal.Cli;

/// <summary>A format whose files the library opens as named tensors.</summary>
/// <param name="name">The library's name of it.</param>
/// <param name="extensions">Endings.</param>
internal abstract class TensorFormat(string name, params string[] extensions) : FileFormat(name, extensions)
{
    internal override void Inspect(Inspection inspection)
    {
        using var file = TensorFile.Open(inspection.Path);
        TensorInspection.Write(inspection, file);
    }

    internal override TensorSource Open(string path)
    {
        var file = TensorFile.Open(path);
        return new(file.StateEntries, file.Metadata, file.ReadState, file);
    }

    private protected static bool Begins(string path, params ReadOnlySpan<byte> start)
    {
        Span<byte> bytes = stackalloc byte[start.Length];
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(bytes, start.Length, throwOnEndOfStream: false) == start.Length && bytes.SequenceEqual(start);
    }

    /// <summary>Whether an archive holds a file whose path ends so.</summary>
    private protected static bool ZipHolds(string path, string ending)
    {
        if (!Begins(path, "PK"u8)) return false;
        try
        {
            using var archive = System.IO.Compression.ZipFile.OpenRead(path);
            return archive.Entries.Any(entry => entry.FullName.EndsWith(ending, StringComparison.Ordinal));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path} is a damaged archive: {error.Message}", error);
        }
    }
}

/// <summary>safetensors, models of this library included.</summary>
internal sealed class SafetensorsFormat() : TensorFormat("safetensors", ".safetensors")
{
    internal override bool Writes => true;

    internal override bool Recognises(string path)
    {
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && !Begins(path, "PK"u8)) return true;
        byte[] start = new byte[9];
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start is [_, _, _, _, 0, 0, 0, 0, (byte)'{'];
    }

    internal override void Write(string path, TensorContent content) => Safetensors.Save(path, content.Tensors, content.Notes, content.Floats);
}

/// <summary>State dicts and checkpoints of PyTorch.</summary>
internal sealed class PyTorchFormat() : TensorFormat("PyTorch", ".pt", ".pth")
{
    internal override bool Writes => true;

    internal override bool Recognises(string path) => Begins(path, 0x80, 2) || ZipHolds(path, "data.pkl");

    internal override void Write(string path, TensorContent content) => PyTorch.Save(path, content.Tensors, content.Floats);
}

/// <summary>One array of NumPy.</summary>
internal sealed class NumpyFormat() : TensorFormat("NumPy", ".npy")
{
    internal override bool Writes => true;

    internal override bool Recognises(string path) => Begins(path, 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y');

    internal override void Write(string path, TensorContent content)
    {
        if (content.Tensors.Count != 1) throw new UsageException($"an .npy file holds one array, and there are {content.Tensors.Count}; write an .npz, or choose one with --part.");
        NumpyFile.Write(path, content.Converted.Single().Value);
    }
}

/// <summary>Several arrays of NumPy.</summary>
internal sealed class NumpyArchiveFormat() : TensorFormat("NumPy", ".npz")
{
    internal override bool Writes => true;

    internal override bool Recognises(string path) => ZipHolds(path, ".npy");

    internal override void Write(string path, TensorContent content) => NumpyFile.WriteArchive(path, content.Converted);
}

/// <summary>Weights and models of Keras, and other HDF5 files.</summary>
internal sealed class KerasFormat() : TensorFormat("Keras", ".h5", ".keras")
{
    internal override bool Recognises(string path) => Begins(path, 0x89, (byte)'H', (byte)'D', (byte)'F') || ZipHolds(path, "model.weights.h5");
}
