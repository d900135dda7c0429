namespace Cajal;

/// <summary>Tells formats apart by their first bytes; a file's name says nothing.</summary>
internal static class TensorFormat
{
    private const int Peeked = 16;

    internal static bool IsZip(FileBytes bytes) => Start(bytes).AsSpan().StartsWith("PK\x3\x4"u8) || Start(bytes).AsSpan().StartsWith("PK\x5\x6"u8);

    /// <summary>Opens a file as what it is.</summary>
    /// <exception cref="InvalidDataException">It is nothing known, or damaged.</exception>
    internal static TensorFile Open(FileBytes bytes)
    {
        byte[] start = Start(bytes);
        // First, because the length that a safetensors file begins with may look like a pickle.
        if (start is [_, _, _, _, 0, 0, 0, 0, (byte)'{', ..]) return new SafetensorsFile(bytes);
        if (start.AsSpan().StartsWith(Hdf5.Hdf5File.Signature)) return new KerasFile(bytes);
        if (start is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..]) return new NumpyArchive(bytes);
        if (IsZip(bytes)) return OpenZip(bytes);
        if (start is [0x80, >= 2 and <= 5, ..]) return PyTorchFile.OpenLegacy(bytes);
        // What calls itself one is told what is wrong with it.
        if (bytes.Name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) return new SafetensorsFile(bytes);
        throw new InvalidDataException($"{bytes.Name} holds no tensors in a format that can be read: safetensors, PyTorch (.pt, .pth), NumPy (.npy, .npz) or Keras (.h5, .keras).");
    }

    private static TensorFile OpenZip(FileBytes bytes)
    {
        var zip = ZipDirectory.Read(bytes);
        if (zip.Items.Keys.Any(name => name == "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal))) return PyTorchFile.OpenZip(bytes, zip);
        if (zip.Items.ContainsKey(KerasFile.WeightsItem)) return new KerasFile(bytes, zip);
        if (zip.Items.Keys.Any(name => name.EndsWith(".npy", StringComparison.Ordinal))) return new NumpyArchive(bytes, zip);
        throw new InvalidDataException($"{bytes.Name} is a zip archive without tensors: neither PyTorch's (data.pkl), Keras's ({KerasFile.WeightsItem}) nor NumPy's (*.npy).");
    }

    private static byte[] Start(FileBytes bytes)
    {
        byte[] start = new byte[(int)Math.Min(Peeked, bytes.Length)];
        bytes.Read(0, start, "its first bytes");
        return start;
    }
}
