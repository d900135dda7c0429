using System.Formats.Tar;
using System.IO.Compression;
// dotnet run pack-cases.cs CASES TARGET: packs the cases of ONNX's backend suite whose files take at most 16 KiB, in order of their names.
const int LargestCase = 16 << 10;
string root = args[0];
using var target = File.Create(args[1]);
using var brotli = new BrotliStream(target, new BrotliCompressionOptions { Quality = 11 });
using var tar = new TarWriter(brotli, TarEntryFormat.Ustar);
foreach (string model in Directory.EnumerateFiles(root, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
{
    string folder = Path.GetDirectoryName(model)!;
    string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    if (files.Sum(file => new FileInfo(file).Length) > LargestCase) continue;
    foreach (string file in files)
    {
        var entry = new UstarTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(root, file).Replace('\\', '/')) { DataStream = new MemoryStream(File.ReadAllBytes(file)), ModificationTime = DateTimeOffset.UnixEpoch };
        tar.WriteEntry(entry);
    }
}
