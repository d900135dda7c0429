namespace Cajal.Tests.Data;

/// <summary>A folder for one test, removed behind it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("cajal-test-").FullName;

    public string this[string file] => Path.Combine(Folder, file);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>An IDX file of bytes.</summary>
    public static byte[] Idx(int[] shape, byte[] values) =>
        [0, 0, 8, (byte)shape.Length, .. shape.SelectMany(e => new[] { (byte)(e >> 24), (byte)(e >> 16), (byte)(e >> 8), (byte)e }), .. values];

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }

    /// <summary>Inputs [n, 1] = 0, 1, ..., with classes i % classes.</summary>
    public static TensorDataset Counting(int n, int classes = 3) => new(
        Tensor.From([.. Enumerable.Range(0, n).Select(i => (float)i)], n, 1),
        Tensor.From([.. Enumerable.Range(0, n).Select(i => (long)(i % classes))], n));

    public static int[] Values(Dataset dataset) => [.. dataset.ToBatch().Inputs.ToArray<float>().Select(v => (int)v)];

    public static int[] Values(Batch batch) => [.. batch.Inputs.ToArray<float>().Select(v => (int)v)];
}
