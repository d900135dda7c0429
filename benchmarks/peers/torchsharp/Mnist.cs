using System.Buffers.Binary;
using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace Cajal.Peers;

/// <summary>MNIST's IDX files as float32 images in [0, 1] and integer labels.</summary>
internal static class Mnist
{
    /// <summary>Images [N, 784] and labels [N]; <paramref name="part"/> is "train" or "t10k".</summary>
    internal static (Tensor Images, Tensor Labels) Load(string folder, string part)
    {
        if (!File.Exists(Path.Combine(folder, "train-images-idx3-ubyte.gz"))) folder = Path.Combine(folder, "mnist");
        byte[] images = Read(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz")), labels = Read(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"));
        return (tensor(images).view(-1, 784).to(float32) / 255, tensor(labels).to(int64));
    }

    /// <summary>The values behind the header of four bytes and one length of four bytes per axis.</summary>
    private static byte[] Read(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var all = new MemoryStream();
        file.CopyTo(all);
        byte[] bytes = all.ToArray();
        return bytes[(4 + 4 * (BinaryPrimitives.ReadInt32BigEndian(bytes) & 0xff))..];
    }
}
