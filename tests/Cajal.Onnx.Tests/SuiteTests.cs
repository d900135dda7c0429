using System.Formats.Tar;
using System.IO.Compression;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>ONNX's own backend suite (see Suite/NOTICE.md).</summary>
public class SuiteTests
{
    private const int Cases = 1014;

    internal static void Unpack(string folder)
    {
        using var packed = typeof(SuiteTests).Assembly.GetManifestResourceStream("cases.tar.br")!;
        using var tar = new BrotliStream(packed, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(tar, folder, overwriteFiles: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryCasePasses(bool trainable)
    {
        using var scratch = new Scratch();
        Unpack(scratch.Folder);
        string[] folders = BackendCase.Find(scratch.Folder);
        Assert.Equal(Cases, folders.Length);
        var problems = folders.Select(folder => BackendCase.Run(folder, scratch.Folder, new() { Trainable = trainable })).Where(result => result.Outcome != CaseOutcome.Passed).Select(result => $"{result.Name}: {result.Reason}");
        Assert.Empty(problems);
    }

    [Fact]
    public void AWrongResultFails()
    {
        using var scratch = new Scratch();
        Unpack(scratch.Folder);
        // Cosines where sines are expected: the runner must see it.
        string folder = scratch["node/test_sin"];
        File.Copy(scratch["node/test_cos/model.onnx"], Path.Combine(folder, "model.onnx"), overwrite: true);
        var result = BackendCase.Run(folder, scratch.Folder);
        Assert.Equal(CaseOutcome.Failed, result.Outcome);
        Assert.Contains("output \"y\" is", result.Reason);
    }
}
