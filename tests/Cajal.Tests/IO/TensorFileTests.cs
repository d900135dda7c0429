using System.Buffers.Binary;

namespace Cajal.Tests.IO;

/// <summary>What PyTorch, NumPy and h5py wrote is read as the numbers that they hold.</summary>
public sealed class TensorFileTests
{
    [Theory]
    [InlineData("kinds.pt", "PyTorch")]
    [InlineData("kinds-old.pth", "PyTorch")]
    [InlineData("kinds.npz", "NumPy")]
    [InlineData("packed.npz", "NumPy")]
    [InlineData("arrays.h5", "HDF5")]
    [InlineData("latest.h5", "HDF5")]
    [InlineData("many.h5", "HDF5")]
    public void EveryKindOfArrayIsRead(string name, string format)
    {
        using var file = TensorFile.Open(ForeignFiles.PathOf(name));
        Assert.Equal(format, file.Format);
        Assert.Equal(ForeignFiles.Of(name).Select(array => array.Key).Order(StringComparer.Ordinal), file.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        foreach (var (key, shape, values) in ForeignFiles.Of(name))
        {
            Assert.True(file.TryGetEntry(key, out var entry), key);
            var tensor = file.Read(key);
            Assert.Equal((new Shape(shape), new Shape(shape)), (entry.Shape, tensor.Shape));
            Assert.Equal(values, tensor.ToArray<double>());
        }
    }

    [Theory]
    [InlineData("f64", "F64", DType.Float64)]
    [InlineData("f16", "F16", DType.Float16)]
    [InlineData("bf16", "BF16", DType.BFloat16)]
    [InlineData("i64", "I64", DType.Int64)]
    [InlineData("i16", "I16", DType.Int32)]
    [InlineData("u8", "U8", DType.Int32)]
    [InlineData("bool", "BOOL", DType.Bool)]
    public void TypesAreNamedAndKept(string key, string stored, DType type)
    {
        foreach (string name in (string[])["kinds.pt", "kinds-old.pth"])
        {
            using var file = TensorFile.Open(ForeignFiles.PathOf(name));
            Assert.True(file.TryGetEntry(key, out var entry));
            Assert.Equal((stored, type), (entry.StoredType, file.Read(key, asStored: true).DType));
        }
    }

    [Fact]
    public void ACheckpointGivesItsPartsAndNumbers()
    {
        using var file = TensorFile.Open(ForeignFiles.PathOf("checkpoint.pt"));
        Assert.Contains(file.Entries, entry => entry.Name == "model.0.weight");
        Assert.Contains(file.Entries, entry => entry.Name == "optimizer.state.0.exp_avg");
        Assert.Equal(("3", "0.75", "small"), (file.Metadata["epoch"], file.Metadata["best"], file.Metadata["name"]));
        Assert.Equal("0.001", file.Metadata["optimizer.param_groups.0.lr"]);
    }

    [Fact]
    public void NothingInAPickleIsRun()
    {
        using var file = TensorFile.Open(ForeignFiles.PathOf("hostile.pt"));
        Assert.Equal([1f, 1f], file.Read("weight").ToArray<float>());
        Assert.Equal("a posix.system, which was not run", file.Metadata["bad"]);
        Assert.False(File.Exists("cajal-was-here"));
    }

    [Fact]
    public void AMistypedKeyAndAStrangeFileAreNamed()
    {
        using var scratch = new Scratch();
        using var file = TensorFile.Open(ForeignFiles.PathOf("kinds.pt"));
        Assert.EndsWith("has no tensor \"transpose\"; did you mean \"transposed\"?", Assert.Throws<KeyNotFoundException>(() => file.Read("transpose")).Message);
        File.WriteAllText(scratch["a"], "hello, this is a text");
        Assert.Contains("holds no tensors in a format that can be read", Assert.Throws<InvalidDataException>(() => TensorFile.Open(scratch["a"])).Message);
        using (var archive = System.IO.Compression.ZipFile.Open(scratch["b"], System.IO.Compression.ZipArchiveMode.Create)) archive.CreateEntry("readme");
        Assert.Contains("a zip archive without tensors", Assert.Throws<InvalidDataException>(() => TensorFile.Open(scratch["b"])).Message);
    }

    [Fact]
    public void ALargeFileCostsOnlyWhatIsRead()
    {
        using var scratch = new Scratch();
        const int Large = 64 << 20;
        using (var stream = File.Create(scratch["a"]))
        {
            string header = $$$"""{"large":{"dtype":"F32","shape":[{{{Large / 4}}}],"data_offsets":[0,{{{Large}}}]},"small":{"dtype":"F32","shape":[2],"data_offsets":[{{{Large}}},{{{Large + 8}}}]}}""";
            stream.Write(BitConverter.GetBytes((long)header.Length));
            stream.Write(System.Text.Encoding.UTF8.GetBytes(header));
            stream.SetLength(8 + header.Length + Large + 8);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var file = TensorFile.Open(scratch["a"]);
        Assert.Equal([0f, 0f], file.Read("small").ToArray<float>());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void ThreadsMayReadOneFile()
    {
        using var file = TensorFile.Open(ForeignFiles.PathOf("kinds.pt"));
        var arrays = ForeignFiles.Of("kinds.pt").ToArray();
        Parallel.For(0, 400, i =>
        {
            var (key, _, values) = arrays[i % arrays.Length];
            Assert.Equal(values, file.Read(key).ToArray<double>());
        });
    }

    // 0x80 0x02 begin a pickle too.
    [Fact]
    public void AHeaderWhoseLengthLooksLikeAPickleIsNoPickle()
    {
        using var scratch = new Scratch();
        const int Length = 0x0280;
        string header = """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""".PadRight(Length);
        File.WriteAllBytes(scratch["a"], [.. BitConverter.GetBytes((long)Length), .. System.Text.Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F]);
        using var file = TensorFile.Open(scratch["a"]);
        Assert.Equal([1f], file.Read("x").ToArray<float>());
    }

    public static TheoryData<string, byte[], double[]> SmallFloats => new()
    {
        { "F8_E4M3", [0x00, 0x01, 0x38, 0xB8, 0x7E, 0x7F, 0x08], [0, 0.001953125, 1, -1, 448, double.NaN, 0.015625] },
        { "F8_E5M2", [0x01, 0x3C, 0xBC, 0x7B, 0x7C, 0x7E], [0.0000152587890625, 1, -1, 57344, double.PositiveInfinity, double.NaN] },
        { "F8_E8M0", [0, 127, 128, 255], [5.877471754111438e-39, 1, 2, double.NaN] },
        { "F8_E4M3FNUZ", [0x40, 0xC0, 0x80, 0x7F], [1, -1, double.NaN, 240] },
        { "F8_E5M2FNUZ", [0x40, 0x80, 0x7F], [1, double.NaN, 57344] },
        { "U16", [0xFF, 0xFF, 1, 0], [65535, 1] },
        { "U32", [0xFF, 0xFF, 0xFF, 0xFF], [4294967295] },
        { "U64", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [9223372036854775807] },
    };

    // 8-bit floats: OCP 8-bit floating point specification, tables 1 and 2; FNUZ: bias one higher, NaN where -0 would be.
    [Theory]
    [MemberData(nameof(SmallFloats))]
    public void RareTypesAreWidened(string type, byte[] bytes, double[] values)
    {
        using var file = Safetensors.Open(Raw(type, values.Length, bytes));
        Assert.Equal(values, file.Read("x").ToArray<double>());
    }

    [Theory]
    [InlineData("C64", 8, "is stored as C64, which no tensor here holds")]
    [InlineData("F6_E2M3", 1, "is stored as F6_E2M3, which no tensor here holds")]
    [InlineData("U64", 8, "holds a U64 beyond Int64")]
    public void TypesWithoutADTypeAreListedAndRefused(string type, int length, string message)
    {
        using var file = Safetensors.Open(Raw(type, 1, [.. Enumerable.Repeat((byte)0xFF, length)]));
        Assert.Equal(type, file.Entries.Single().StoredType);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => file.Read("x")).Message);
    }

    private static MemoryStream Raw(string type, int count, byte[] bytes)
    {
        byte[] header = System.Text.Encoding.UTF8.GetBytes($$$"""{"x":{"dtype":"{{{type}}}","shape":[{{{count}}}],"data_offsets":[0,{{{bytes.Length}}}]}}""");
        byte[] file = [.. new byte[8], .. header, .. bytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        return new(file);
    }
}
