using System.Text;

namespace Cajal.Tests.Data;

public sealed class FileReaderTests
{
    // Written by numpy.save of NumPy 1.24: array([1.5, -2], '>f2'); asfortranarray(arange(6.).reshape(2, 3)); array([1, 2**40], '<u8');
    // array([True, False]); array([[-3], [7]], '>i2'); array(2.5).
    const string HalfBig = "k05VTVBZAQB2AHsnZGVzY3InOiAnPmYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo+AMAA";
    const string Fortran = "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAhAAAAAAAAA8D8AAAAAAAAQQAAAAAAAAABAAAAAAAAAFEA=";
    const string Unsigned = "k05VTVBZAQB2AHsnZGVzY3InOiAnPHU4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAAAAAAAAAQAA";
    const string Truth = "k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA==";
    const string ShortBig = "k05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr//QAH";
    const string Scalar = "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAEQA==";

    [Theory]
    [InlineData(HalfBig, DType.Float32, new[] { 2 }, new[] { 1.5, -2 })]
    [InlineData(Fortran, DType.Float64, new[] { 2, 3 }, new[] { 0.0, 1, 2, 3, 4, 5 })]
    [InlineData(Unsigned, DType.Int64, new[] { 2 }, new[] { 1.0, 1L << 40 })]
    [InlineData(Truth, DType.Bool, new[] { 2 }, new[] { 1.0, 0 })]
    [InlineData(ShortBig, DType.Int32, new[] { 2, 1 }, new[] { -3.0, 7 })]
    [InlineData(Scalar, DType.Float64, new int[0], new[] { 2.5 })]
    public void ReadsWhatNumPyWrote(string file, DType dtype, int[] shape, double[] values)
    {
        Tensor tensor = NumpyFile.Read(new MemoryStream(Convert.FromBase64String(file)));
        Assert.Equal(dtype, tensor.DType);
        Assert.Equal(shape, tensor.Shape.ToArray());
        Assert.Equal(values, tensor.ToArray<double>());
    }

    [Fact]
    public void WritesWhatItReads()
    {
        using var scratch = new Scratch();
        Tensor[] tensors =
        [
            Tensor.From([1f, 2, 3, 4, 5, 6], 2, 3), Tensor.From([1.5, 2.5], 2), Tensor.From([1L << 40], 1), Tensor.From([7, 8], 2, 1, 1),
            Tensor.From([true, false], 2), Tensor.Scalar(3f), Tensor.Zeros(0, 4),
        ];
        NumpyFile.WriteArchive(scratch["all.npz"], tensors.Select((t, i) => KeyValuePair.Create($"a{i}", t)), compress: true);
        IReadOnlyDictionary<string, Tensor> back = NumpyFile.ReadArchive(scratch["all.npz"]);
        for (int i = 0; i < tensors.Length; i++)
        {
            NumpyFile.Write(scratch["one.npy"], tensors[i]);
            foreach (Tensor read in new[] { back[$"a{i}"], NumpyFile.Read(scratch["one.npy"]) })
            {
                Assert.Equal(tensors[i].DType, read.DType);
                Assert.Equal(tensors[i].Shape, read.Shape);
                Assert.Equal(tensors[i].ToArray<double>(), read.ToArray<double>());
            }
        }
        Assert.Equal(["all.npz", "one.npy"], Directory.GetFiles(scratch.Folder).Select(f => Path.GetFileName(f)!).Order());
        NumpyFile.Write(scratch["one.npy"], tensors[0]);
        Assert.Equal(0, (File.ReadAllBytes(scratch["one.npy"]).Length - 24) % 64); // values begin at a multiple of 64 bytes
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }", "beyond 2 GiB")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }", "cut short")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "extent '-1'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "12 bytes of values are announced, 8 are there")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O' holds Python objects")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "records cannot be read")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "no 'fortran_order'")]
    [InlineData("{'descr': '<f4', 'fortran_order': exit(), 'shape': (1,), }", "must be True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 1, }", "must be a tuple")]
    public void HostileNpyHeadersAreRefused(string header, string message)
    {
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. new byte[8]];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => NumpyFile.Read(new MemoryStream(file))).Message);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => NumpyFile.Read(new OneWay(file))).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void DamagedNpyFramesAreRefused()
    {
        Assert.Contains("93 'NUMPY'", Fails("PK\x3\x4abcdefgh"u8.ToArray()));
        Assert.Contains("version 9.0", Fails([0x93, .. "NUMPY"u8, 9, 0, 0, 0]));
        Assert.Contains("believable", Fails([0x93, .. "NUMPY"u8, 2, 0, 0xff, 0xff, 0xff, 0xff]));
        Assert.Contains("cut short", Fails([0x93, .. "NUM"u8]));

        static string Fails(byte[] file) => Assert.Throws<InvalidDataException>(() => NumpyFile.Read(new MemoryStream(file))).Message;
    }

    [Theory]
    [InlineData(0x08, new byte[] { 1, 255 }, DType.Int32, new[] { 1.0, 255 })]
    [InlineData(0x09, new byte[] { 1, 255 }, DType.Int32, new[] { 1.0, -1 })]
    [InlineData(0x0B, new byte[] { 1, 0, 255, 254 }, DType.Int32, new[] { 256.0, -2 })]
    [InlineData(0x0C, new byte[] { 0, 0, 1, 0, 255, 255, 255, 255 }, DType.Int32, new[] { 256.0, -1 })]
    [InlineData(0x0D, new byte[] { 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0 }, DType.Float32, new[] { 1.0, -2 })]
    [InlineData(0x0E, new byte[] { 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0 }, DType.Float64, new[] { 1.0, -2 })]
    public void IdxTypesAreRead(byte type, byte[] payload, DType dtype, double[] values)
    {
        using var scratch = new Scratch();
        byte[] file = [0, 0, type, 2, 0, 0, 0, 2, 0, 0, 0, 1, .. payload];
        File.WriteAllBytes(scratch["a.idx"], file);
        File.WriteAllBytes(scratch["packed"], Scratch.Gzip(file));
        foreach (string name in new[] { "a.idx", "packed" })
        {
            Tensor tensor = IdxFile.Read(scratch[name]);
            Assert.Equal(dtype, tensor.DType);
            Assert.Equal([2, 1], tensor.Shape.ToArray());
            Assert.Equal(values, tensor.ToArray<double>());
        }
    }

    [Fact]
    public void DamagedIdxFilesAreRefused()
    {
        byte[] good = Scratch.Idx([3, 2], [1, 2, 3, 4, 5, 6]);
        Assert.Contains("6 bytes of values are announced, 4 are there", Fails(good[..^2]));
        Assert.Contains("cut short", Fails(good[..7]));
        Assert.Contains("bytes left", Fails([.. good, 9]));
        Assert.Contains("not an IDX file", Fails("<html>not found</html>"u8.ToArray()));
        Assert.Contains("axis 0", Fails([0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff]));
        Assert.Contains("which cannot be right", Fails([0, 0, 0x0e, 2, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]));
        Assert.ThrowsAny<InvalidDataException>(() => Read(Scratch.Gzip(good)[..^12]));

        static string Fails(byte[] file)
        {
            return Assert.Throws<InvalidDataException>(() => Read(file)).Message;
        }

        static Tensor Read(byte[] file)
        {
            using var scratch = new Scratch();
            File.WriteAllBytes(scratch["f"], file);
            return IdxFile.Read(scratch["f"]);
        }
    }

    /// <summary>A stream that cannot seek, like an unpacking one.</summary>
    sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
