using System.Buffers.Binary;
using System.Text;

namespace Cajal.Tests.IO;

public class SafetensorsTests
{
    private static byte[] Raw(string header, int dataBytes, long? claimed = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, claimed ?? json.Length);
        json.CopyTo(file, 8);
        for (int i = 0; i < dataBytes; i++) file[8 + json.Length + i] = (byte)(i + 1);
        return file;
    }

    private static SafetensorsFile Open(byte[] file) => Safetensors.Open(new MemoryStream(file));

    // The format, byte by byte, written out by hand: what any other reader expects.
    [Fact]
    public void TheBytesAreThoseOfTheFormat()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [new("b", Tensor.From([true, false, true])), new("a", Tensor.From([1f, -2f], 1, 2))], [new("note", "hé")]);
        string header = """{"__metadata__":{"note":"h\u00E9"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[3],"data_offsets":[8,11]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected =
        [
            .. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 0, 1,
        ];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void EveryTypeReadsAsItsValues()
    {
        (string Type, byte[] Bytes, DType Read, double[] Values)[] rows =
        [
            ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], DType.Float64, [1.5]),
            ("F32", [0, 0, 0x20, 0xC0], DType.Float32, [-2.5]),
            ("F16", [0, 0x3E, 0, 0xC0], DType.Float32, [1.5, -2]),
            ("BF16", [0xC0, 0x3F, 0, 0xC0], DType.Float32, [1.5, -2]),
            ("I64", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], DType.Int64, [-2]),
            ("I32", [7, 1, 0, 0], DType.Int32, [263]),
            ("I16", [0xFF, 0xFF, 2, 1], DType.Int32, [-1, 258]),
            ("I8", [0xFF, 5], DType.Int32, [-1, 5]),
            ("U8", [0xFF, 5], DType.Int32, [255, 5]),
            ("BOOL", [0, 1, 7], DType.Bool, [0, 1, 1]),
        ];
        foreach (var (type, bytes, read, values) in rows)
        {
            string header = $$$"""{"x":{"dtype":"{{{type}}}","shape":[{{{values.Length}}}],"data_offsets":[0,{{{bytes.Length}}}]}}""";
            byte[] file = Raw(header, bytes.Length);
            bytes.CopyTo(file, file.Length - bytes.Length);
            using var opened = Open(file);
            var tensor = opened.Read("x");
            Assert.Equal(read, tensor.DType);
            Assert.Equal(values, tensor.ToArray<double>());
            Assert.Equal(type is "F16" or "BF16" ? 2 : read.Size, opened.Read("x", asStored: true).DType.Size);
        }
    }

    [Fact]
    public void SmallIntegersAcrossManyChunksKeepTheirPlaces()
    {
        const int Count = 150_001;
        byte[] file = Raw($$$"""{"x":{"dtype":"I16","shape":[{{{Count}}}],"data_offsets":[0,{{{2 * Count}}}]}}""", 2 * Count);
        for (int i = 0; i < Count; i++) BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(file.Length - 2 * (Count - i)), (short)i);
        using var opened = Open(file);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (int)(short)i), opened.Read("x").ToArray<int>());
    }

    [Fact]
    public void RoundTripsKeepBitsShapesAndMetadata()
    {
        using var scratch = new Scratch();
        var tensors = new Dictionary<string, Tensor>
        {
            ["scalar"] = Tensor.Scalar(3.25),
            ["empty"] = Tensor.Zeros(0, 4),
            ["view"] = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 3).Transpose(),
            ["edge"] = Tensor.From([float.NaN, float.NegativeInfinity, -0f, float.Epsilon]),
            ["long"] = Tensor.From([long.MinValue, long.MaxValue]),
            ["half"] = Tensor.From([(Half)1.5f]),
            ["große"] = Tensor.From([true]),
        };
        Safetensors.Save(scratch["a"], tensors, [new("k", "v\n\"")]);
        using var file = Safetensors.Open(scratch["a"]);
        Assert.Equal("v\n\"", file.Metadata["k"]);
        foreach (var (key, tensor) in tensors)
        {
            var read = file.Read(key, asStored: true);
            Assert.Equal((tensor.DType, tensor.Shape), (read.DType, read.Shape));
            Assert.Equal(tensor.ToArray<double>(), read.ToArray<double>());
        }
        Assert.Equal(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits(file.Read("edge").ToArray<float>()[2]));
    }

    [Fact]
    public void FloatsCanBeStoredNarrow()
    {
        using var scratch = new Scratch();
        Safetensors.Save(scratch["a"], [new("x", Tensor.From([1.00390625f, 3f])), new("n", Tensor.From([1L]))], floats: DType.BFloat16);
        using var file = Safetensors.Open(scratch["a"]);
        Assert.True(file.TryGetEntry("x", out var entry) && entry.StoredType == "BF16");
        Assert.Equal([1f, 3f], file.Read("x").ToArray<float>());
        Assert.Equal(DType.Int64, file.Read("n").DType);
    }

    [Fact]
    public void AnUnknownKeyIsNamed()
    {
        using var file = Open(Raw("""{"weight":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1));
        Assert.EndsWith("has no tensor \"wieght\"; did you mean \"weight\"?", Assert.Throws<KeyNotFoundException>(() => file.Read("wieght")).Message);
    }

    public static TheoryData<string, int, string> Hostile => new()
    {
        { "", 0, "not the JSON it should be" },
        { "[]", 0, "it must be an object" },
        { "{", 0, "not the JSON" },
        { "{} {}", 0, "not the JSON" },
        { "{\"\\uD800\":1}", 0, "not the JSON" },
        { """{"a":{"dtype":"F32","shape":[[[1]]],"data_offsets":[0,4]}}""", 4, "not the JSON" },
        { """{"__metadata__":{"a":{}}}""", 0, "\"a\" in __metadata__ must be a text" },
        { """{"__metadata__":{"a":"1","a":"2"}}""", 0, "__metadata__ names \"a\" twice" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "two __metadata__ entries" },
        { """{"a":3}""", 0, "the entry \"a\" must be an object" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", 4, "\"a\" needs a dtype, a shape and two data_offsets" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "needs a dtype, a shape and two data_offsets" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "more than 2 numbers" },
        { """{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4, "gives its shape twice" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "unknown field \"x\"" },
        { """{"a":{"dtype":"F7","shape":[1],"data_offsets":[0,1]}}""", 1, "\"a\" is stored as F7, which the format does not know" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "none of them negative" },
        { """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "beyond 2^63" },
        { """{"a":{"dtype":"F32","shape":[4294967296],"data_offsets":[0,4]}}""", 4, "axis of length" },
        { """{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "more bytes than any file has" },
        { """{"a":{"dtype":"F32","shape":[65536,65536,0],"data_offsets":[0,4]}}""", 4, "\"a\" has 4 bytes, but F32 [65536, 65536, 0] needs 0" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "\"a\" has 4 bytes, but F32 [2] needs 8" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "end (0) before they begin (4)" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "the file holds 4 bytes of data: it is cut short or damaged" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "the data of \"b\" overlap those of \"a\"" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3, "a hole of 1 bytes before the data of \"b\"" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 3, "2 bytes follow the last tensor" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "names \"a\" twice" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void HostileHeadersAreRefused(string header, int dataBytes, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Open(Raw(header, dataBytes)));
        Assert.StartsWith("The stream is not a safetensors file that can be read: ", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData(-1L, "at most 100,000,000 are allowed")]
    [InlineData(100_000_001L, "at most 100,000,000 are allowed")]
    [InlineData(3L, "only 2 follow: the file is cut short")]
    public void HeaderLengthsAreBounded(long claimed, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Open(Raw("{}", 0, claimed))).Message);

    [Fact]
    public void ATruncatedFileIsRefusedWhereverItIsCut()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [new("a", Tensor.Ones(3)), new("b", Tensor.From([1L, 2L]))]);
        byte[] whole = stream.ToArray();
        for (int length = 0; length < whole.Length; length++) Assert.Throws<InvalidDataException>(() => Open(whole[..length]));
    }

    [Fact]
    public void AnyFlippedHeaderBitIsRefusedOrHarmless()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [new("a", Tensor.Ones(3)), new("b", Tensor.From([1L, 2L]))]);
        byte[] whole = stream.ToArray();
        for (int bit = 0; bit < (whole.Length - 28) * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            try
            {
                using var file = Open(damaged);
                file.ReadAll();
            }
            catch (InvalidDataException)
            {
                // The one allowed refusal.
            }
        }
    }
}
