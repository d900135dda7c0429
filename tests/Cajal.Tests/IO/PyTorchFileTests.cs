using System.IO.Compression;
using System.Text;

namespace Cajal.Tests.IO;

/// <summary>State dicts as PyTorch writes and reads them; the real program checks them in tests/interop.</summary>
public sealed class PyTorchFileTests
{
    [Fact]
    public void RoundTripsKeepTypesShapesAndBits()
    {
        using var scratch = new Scratch();
        var shared = Tensor.From([1f, 2f]);
        var tensors = new Dictionary<string, Tensor>
        {
            ["scalar"] = Tensor.Scalar(3.25), ["empty"] = Tensor.Zeros(0, 4), ["view"] = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 3).Transpose(),
            ["edge"] = Tensor.From([float.NaN, float.NegativeInfinity, -0f, float.Epsilon]), ["long"] = Tensor.From([long.MinValue, long.MaxValue]),
            ["half"] = Tensor.From([(Half)1.5f]), ["brain"] = Tensor.From([1.5f]).Cast(DType.BFloat16), ["int"] = Tensor.From([7]), ["große"] = Tensor.From([true, false]), ["a"] = shared, ["b"] = shared,
        };
        PyTorch.Save(scratch["a"], tensors);
        using var file = PyTorch.Open(scratch["a"]);
        Assert.Equal(tensors.Keys, file.Entries.Select(entry => entry.Name));
        foreach (var (key, tensor) in tensors)
        {
            var read = file.Read(key, asStored: true);
            Assert.Equal((tensor.DType, tensor.Shape), (read.DType, read.Shape));
            Assert.Equal(tensor.ToArray<double>(), read.ToArray<double>());
        }
        using var archive = ZipFile.OpenRead(scratch["a"]);
        Assert.Equal(10, archive.Entries.Count(entry => entry.FullName.StartsWith("archive/data/", StringComparison.Ordinal)));
    }

    [Fact]
    public void TheSameTensorsGiveTheSameFile()
    {
        using var scratch = new Scratch();
        foreach (string name in (string[])["a", "b"]) PyTorch.Save(scratch[name], [new("x", Tensor.Ones(3))], DType.BFloat16);
        Assert.Equal(File.ReadAllBytes(scratch["a"]), File.ReadAllBytes(scratch["b"]));
        using var file = PyTorch.Open(scratch["a"]);
        Assert.Equal("BF16", file.Entries.Single().StoredType);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "\u0080\u0002", "it is cut short" },
        { "\u0080\u0002.", "takes a value where there is none" },
        { "\u0080\u0002t.", "goes back to a mark where there is none" },
        { "\u0080\u0002h\u0005.", "recalls value 5" },
        { "\u0080\u0002X\u00FF\u00FF\u00FF\u007F", "it announces 2,147,483,647 bytes where" },
        { "\u0080\u0002\u008B\u0000\u0000\u0000\u0010.", "an integer in it has 268435456 bytes" },
        { "\u0080\u0002\u00F0.", "unknown instruction 240" },
        { "\u0080\u0002K\u0001K\u0002K\u0003s.", "puts items into something that is no dictionary" },
        { "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n(t R.", "unknown instruction 32" },
        { "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n)R.", "the storage of a tensor in it is missing" },
        { "\u0080\u0002K\u0001Q.", "something outside that is no storage" },
        { Storage("J\u00FF\u00FF\u00FF\u00FF") + ".", "a storage in it has -1 elements" },
        { View("K\u0002", "K\u0000", "K\u0004\u0085", "K\u0001\u0085"), "lies outside its storage of 2 numbers" },
        { View("K\u0002", "K\u0001", "K\u0002\u0085", "K\u0001\u0085"), "lies outside its storage of 2 numbers" },
        { View("K\u0002", "K\u0000", "J\u0000\u0000\u0000\u0040\u0085", "K\u0000\u0085"), "claims 1,073,741,824 numbers, and its storage has 2" },
        { View("K\u0002", "K\u0000", "J\u00FF\u00FF\u00FF\u00FF\u0085", "K\u0001\u0085"), "an axis of length -1" },
        { View("K\u0002", "K\u0000", "K\u0002\u0085", ")"), "1 axes and 0 strides" },
        { View("J\u00FF\u00FF\u00FF\u007F", "K\u0000", "K\u0002\u0085", "K\u0001\u0085"), "needs 8,589,934,588 bytes, and 8 are there" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void HostilePicklesAreRefused(string pickle, string message)
    {
        using var scratch = new Scratch();
        Write(scratch["a.pt"], pickle);
        var error = Assert.Throws<InvalidDataException>(() => TensorFile.Open(scratch["a.pt"]));
        Assert.Contains("a.pt", error.Message);
        Assert.Contains(message, error.Message);
    }

    // A list of lists of lists, each holding the one before ten times: 10^20 places in some hundred bytes.
    [Fact]
    public void APickleThatUnfoldsForEverIsRefused()
    {
        using var scratch = new Scratch();
        var pickle = new StringBuilder("\u0080\u0002]q\u0000");
        for (int depth = 1; depth < 20; depth++)
        {
            pickle.Append($"](");
            for (int i = 0; i < 10; i++) pickle.Append($"h{(char)(depth - 1)}");
            pickle.Append($"eq{(char)depth}");
        }
        Write(scratch["a.pt"], pickle + ".");
        Assert.Contains("more than 1,000,000 values", Assert.Throws<InvalidDataException>(() => TensorFile.Open(scratch["a.pt"])).Message);
    }

    [Fact]
    public void AListInsideItselfIsNoTrap()
    {
        using var scratch = new Scratch();
        Write(scratch["a.pt"], "\u0080\u0002]q\u0000h\u0000a.");
        using var file = TensorFile.Open(scratch["a.pt"]);
        Assert.Empty(file.Entries);
    }

    private static string Storage(string count) => $"\u0080\u0002(X\u0007\u0000\u0000\u0000storagectorch\nFloatStorage\nX\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpu{count}tQ";

    private static string View(string count, string offset, string shape, string strides) =>
        "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n(" + Storage(count)[2..] + offset + shape + strides + "\u0089Nt" + "R.";

    private static void Write(string path, string pickle)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using (var data = archive.CreateEntry("a/data.pkl", CompressionLevel.NoCompression).Open()) data.Write(Encoding.Latin1.GetBytes(pickle));
        using var numbers = archive.CreateEntry("a/data/0", CompressionLevel.NoCompression).Open();
        numbers.Write(new byte[8]);
    }
}
