using Cajal.Tests.Training;

namespace Cajal.Tests.IO;

/// <summary>Every reader of files meets cut and flipped ones: it reads something or refuses by name, and allocates no more than such small files can be worth.</summary>
public sealed class DamagedFileTests
{
    private const int Cuts = 100, Flips = 200, MostBytes = 32 << 20;

    private const string Jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIAAgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDxSiiivzc/tU//2Q==";
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP4z8DA8J+BkYHh////DAAe9gT9Ce00PgAAAABJRU5ErkJggg==";
    private const string Bmp = "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAADEDgAAxA4AAAAAAAAAAAAA/wAA////AAAAAP8A/wAAAA==";

    private static readonly TensorDataset Data = Workshop.Blobs(16);

    private static readonly string Table = string.Concat(Enumerable.Range(0, 12).Select(i => $"{i}.5,\"{(i % 2 == 0 ? "red" : "blue")}\",{i % 3}\n").Prepend("size,colour,kind\n"));

    private static readonly Dictionary<string, Tensor> Arrays = new() { ["a"] = Tensor.Ones(2, 3), ["b"] = Tensor.From([1L, 2, 3], 3) };

    /// <summary>File name, what writes a whole file, what reads one.</summary>
    private static readonly (string Name, Action<string> Write, Action<string> Read)[] Formats =
    [
        ("training.checkpoint", path => Fitted().SaveCheckpoint(path), path => Fresh().LoadCheckpoint(path)),
        ("tensors.safetensors", path => Safetensors.Save(path, Arrays, [new("note", "text")]), path => Safetensors.Load(path)),
        ("model.safetensors", path => Workshop.Small(1).Save(path), path => Module.Load(path)),
        ("array.npy", path => NumpyFile.Write(path, Arrays["a"]), path => NumpyFile.Read(path)),
        ("stored.npz", path => NumpyFile.WriteArchive(path, Arrays), path => NumpyFile.ReadArchive(path)),
        ("packed.npz", path => NumpyFile.WriteArchive(path, Arrays, compress: true), path => NumpyFile.ReadArchive(path)),
        ("images.idx", path => File.WriteAllBytes(path, Cajal.Tests.Data.Scratch.Idx([3, 2, 2], new byte[12])), path => IdxFile.Read(path)),
        ("images.idx.gz", path => File.WriteAllBytes(path, Cajal.Tests.Data.Scratch.Gzip(Cajal.Tests.Data.Scratch.Idx([3, 2, 2], new byte[12]))), path => IdxFile.Read(path)),
        ("table.csv", path => File.WriteAllText(path, Table), path => CsvTable.Read(path).ToDataset("kind")),
        ("table.csv.gz", path => File.WriteAllBytes(path, Cajal.Tests.Data.Scratch.Gzip(System.Text.Encoding.UTF8.GetBytes(Table))), path => CsvTable.Read(path).ToDataset("kind")),
        ("photo.jpg", path => File.WriteAllBytes(path, Convert.FromBase64String(Jpeg)), path => StbImageDecoder.Shared.Decode(path, 3)),
        ("drawing.png", path => File.WriteAllBytes(path, Convert.FromBase64String(Png)), path => StbImageDecoder.Shared.Decode(path, 3)),
        ("drawing.bmp", path => File.WriteAllBytes(path, Convert.FromBase64String(Bmp)), path => StbImageDecoder.Shared.Decode(path, 1)),
    ];

    public static TheoryData<string> Names => [.. Formats.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AWholeFileIsRead(string name)
    {
        using var scratch = new Scratch();
        var format = Formats.Single(one => one.Name == name);
        format.Write(scratch[name]);
        format.Read(scratch[name]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ACutFileIsReadOrRefusedByName(string name) =>
        Check(name, whole => Enumerable.Range(0, Math.Min(Cuts, whole.Length)).Select(i =>
        {
            // The beginning, where headers are, at every length, the rest at as many as fit.
            int step = Math.Max(1, (whole.Length - Cuts / 2) / (Cuts / 2));
            int length = i < Cuts / 2 ? i : Math.Min(whole.Length - 1, Cuts / 2 + (i - Cuts / 2) * step);
            return ($"cut to {length} of {whole.Length} bytes", whole[..length]);
        }));

    [Theory]
    [MemberData(nameof(Names))]
    public void AFlippedBitIsReadOrRefusedByName(string name) => Check(name, whole =>
    {
        var random = new Random(20);
        int[] bits = [.. Enumerable.Range(0, whole.Length * 8)];
        random.Shuffle(bits);
        return bits.Take(Flips).Select(bit =>
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            return ($"bit {bit}", damaged);
        });
    });

    private static void Check(string name, Func<byte[], IEnumerable<(string What, byte[] Bytes)>> damages)
    {
        using var scratch = new Scratch();
        var format = Formats.Single(one => one.Name == name);
        format.Write(scratch[name]);
        foreach (var (what, bytes) in damages(File.ReadAllBytes(scratch[name])))
        {
            File.WriteAllBytes(scratch[name], bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => format.Read(scratch[name]));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, $"{what}: {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes allocated");
            if (error is null) continue;
            Assert.True(error is InvalidDataException, $"{what}: {error}");
            Assert.Contains(name, error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    private static Trainer Fresh()
    {
        var net = Workshop.Small(5);
        return new(net, new CrossEntropyLoss(), new Adam(net, 0.01)) { Callbacks = [new EarlyStopping()] };
    }

    private static Trainer Fitted()
    {
        var trainer = Fresh();
        trainer.Fit(Data, epochs: 1, validation: Data);
        return trainer;
    }
}
