using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Cajal.Logs;
using Cajal.Tests.IO;

namespace Cajal.Tests.Fuzz;

/// <summary>
/// Readers meet mutated files: each reads something or refuses with an InvalidDataException that names the file, soon, and with no more memory than so small a file can be worth. The number of
/// mutations of each file is in the variable CAJAL_FUZZ; without it a few hundred, so that all together are some thousands.
/// </summary>
public sealed class FuzzTests
{
    private const int Usual = 250;
    private const long MostBytes = 96 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5), Hanging = TimeSpan.FromSeconds(60);

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("CAJAL_FUZZ"), CultureInfo.InvariantCulture, out int count) ? count : Usual;

    private static readonly string[] Foreign =
    [
        "kinds.pt", "checkpoint.pt", "module.pt", "kinds-old.pth", "kinds.npz", "packed.npz", "arrays.h5", "latest.h5", "keras2-model.h5", "keras2-recurrent.h5", "keras2-nested.h5", "keras3.keras", "keras3-recurrent.weights.h5",
    ];

    public static TheoryData<string> Files => [.. Foreign, "own.safetensors", "model.safetensors", "array.npy", "data.pkl", "log.tfevents"];

    [Theory]
    [MemberData(nameof(Files))]
    public void AMutatedFileIsReadOrRefused(string name)
    {
        byte[] whole = Whole(name);
        Read(name, whole);
        int done = 0;
        string? problem = null;
        var worker = new Thread(() =>
        {
            for (int i = 0; i < Count && problem is null; i++)
            {
                problem = Try(name, whole, i);
                Volatile.Write(ref done, i + 1);
            }
        }) { IsBackground = true };
        worker.Start();
        for (int before = -1; !worker.Join(Hanging); before = Volatile.Read(ref done))
        {
            if (before == Volatile.Read(ref done)) Assert.Fail($"{name}, mutation {before} hangs");
        }
        if (problem is not null) Assert.Fail(problem);
        Assert.Equal(Count, done);
    }

    /// <summary>Null, or what was wrong with one mutation.</summary>
    private static string? Try(string name, byte[] whole, int number)
    {
        byte[] bytes = Mutate(name, whole, new Random(number));
        long before = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
        Exception? error = null;
        try
        {
            Read(name, bytes);
        }
        catch (Exception caught)
        {
            error = caught;
        }
        var time = Stopwatch.GetElapsedTime(began);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (error is not (null or InvalidDataException)) return $"{name}, mutation {number}: {error}";
        if (error is not null && !error.Message.Contains(name, StringComparison.Ordinal)) return $"{name}, mutation {number}: the message does not name the file: {error.Message}";
        if (allocated > MostBytes) return $"{name}, mutation {number}: {allocated:N0} bytes for a file of {bytes.Length:N0}";
        return time > Longest ? $"{name}, mutation {number}: {time}" : null;
    }

    private static void Read(string name, byte[] bytes)
    {
        using var file = new FileBytes(new MemoryStream(bytes), name);
        if (name == "log.tfevents")
        {
            EventFile.Read(file);
            return;
        }
        using var tensors = TensorFormat.Open(name == "data.pkl" ? new FileBytes(new MemoryStream(Archive(bytes)), name) : file);
        foreach (var entry in tensors.Entries) Ignore(() => tensors.Read(entry.Name));
        foreach (var entry in tensors.StateEntries) Ignore(() => tensors.ReadState(entry.Name));
        Ignore(() => new Linear(2, 2).LoadWeights(tensors, strict: false));
    }

    /// <summary>A tensor may be refused by itself, and weights need not fit; what matters is how.</summary>
    private static void Ignore(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is InvalidDataException or StateDictException)
        {
            // The allowed refusals.
        }
    }

    /// <summary>Records of an event file are mutated inside their checks, which would otherwise refuse every one.</summary>
    private static byte[] Mutate(string name, byte[] whole, Random random)
    {
        if (name != "log.tfevents" || random.Next(4) == 0) return Mutation.Of(whole, random);
        using var file = new MemoryStream();
        for (int at = 0; at < whole.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(whole.AsSpan(at));
            byte[] message = Mutation.Of(whole[(at + 12)..(at + 12 + length)], random), head = BitConverter.GetBytes((long)message.Length);
            file.Write(head);
            file.Write(BitConverter.GetBytes(Crc32C.Masked(head)));
            file.Write(message);
            file.Write(BitConverter.GetBytes(Crc32C.Masked(message)));
            at += length + 16;
        }
        return file.ToArray();
    }

    private static byte[] Whole(string name)
    {
        if (Foreign.Contains(name)) return File.ReadAllBytes(ForeignFiles.PathOf(name));
        using var scratch = new Scratch();
        switch (name)
        {
            case "own.safetensors":
                Safetensors.Save(scratch[name], [new("a", Tensor.Ones(2, 3)), new("b", Tensor.From([1L, 2])), new("c", Tensor.Ones(4).Cast(DType.BFloat16)), new("d", Tensor.From([true]))], [new("note", "text")]);
                break;
            case "model.safetensors":
                new Sequential(new Linear(2, 3), new Residual(new Linear(3, 3))).Save(scratch[name]);
                break;
            case "array.npy":
                NumpyFile.Write(scratch[name], Tensor.Ones(3, 4));
                break;
            case "data.pkl":
                using (var archive = System.IO.Compression.ZipFile.OpenRead(ForeignFiles.PathOf("checkpoint.pt")))
                using (var pickle = archive.Entries.Single(entry => entry.Name == "data.pkl").Open())
                using (var copy = File.Create(scratch[name])) pickle.CopyTo(copy);
                break;
            default:
                using (var writer = new EventWriter(scratch.Folder))
                {
                    writer.Scalar("a", 1, 1);
                    writer.Histogram("b", Tensor.From([1f, 2, 3]), 2);
                    writer.Text("c", "text", 3);
                    writer.Image("d", Tensor.Ones(1, 2, 2), 4);
                    writer.Graph(new Linear(2, 2), [1, 2]);
                    writer.Dispose();
                    File.Move(writer.Path, scratch[name]);
                }
                break;
        }
        return File.ReadAllBytes(scratch[name]);
    }

    /// <summary>A pickle as PyTorch's archive of one, with numbers for every storage it may name.</summary>
    private static byte[] Archive(byte[] pickle)
    {
        using var file = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create))
        {
            Add("a/data.pkl", pickle);
            for (int i = 0; i < 32; i++) Add($"a/data/{i}", new byte[1024]);

            void Add(string path, byte[] content)
            {
                using var target = archive.CreateEntry(path, System.IO.Compression.CompressionLevel.NoCompression).Open();
                target.Write(content);
            }
        }
        return file.ToArray();
    }
}
