using System.Diagnostics;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>
/// Files of the suite with bytes changed, cut out, doubled or taken from others: each loads and runs, or is refused with one of the exceptions that are promised, in bounded time and memory. The number
/// of mutations is 2,000, or what the environment variable CAJAL_FUZZ says.
/// </summary>
public class FuzzTests
{
    private const int UsualCount = 2000;
    private const long MostAllocated = 512L << 20;

    private static readonly OnnxOptions Limits = new() { LargestFile = 1 << 20, MostNodes = 10_000, MostIterations = 1000, MostBytes = 64 << 20 };

    [Fact]
    public void MutatedFilesAreRefusedOrRun()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("CAJAL_FUZZ"), out int asked) ? asked : UsualCount;
        using var scratch = new Scratch();
        SuiteTests.Unpack(scratch.Folder);
        string[] folders = BackendCase.Find(scratch.Folder);
        byte[][] files = [.. folders.Select(folder => File.ReadAllBytes(Path.Combine(folder, "model.onnx")))];
        for (int i = 0; i < count; i++)
        {
            var random = new Random(i);
            int file = random.Next(files.Length);
            byte[] mutated = Mutated(files[file], files[random.Next(files.Length)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            Try(mutated, folders[file], Limits with { Trainable = i % 2 == 0 });
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostAllocated, $"mutation {i} of {folders[file]} allocated {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes");
            Assert.True(clock.Elapsed.TotalSeconds < 20, $"mutation {i} of {folders[file]} took {clock.Elapsed}");
        }
    }

    private static void Try(byte[] bytes, string folder, OnnxOptions options)
    {
        try
        {
            var model = OnnxModel.Load(new MemoryStream(bytes), options: options);
            string set = Path.Combine(folder, "test_data_set_0");
            var inputs = new Dictionary<string, OnnxValue>();
            for (int i = 0; i < model.Inputs.Count && File.Exists(Path.Combine(set, $"input_{i}.pb")); i++) inputs[model.Inputs[i].Name] = ValueFile.Read(Path.Combine(set, $"input_{i}.pb"), model.Inputs[i]);
            model.Run(inputs);
        }
        catch (Exception error) when (error is InvalidDataException or OnnxUnsupportedException or OnnxNodeException or ArgumentException)
        {
            // What the reader promises.
        }
    }

    private static byte[] Mutated(byte[] file, byte[] other, Random random)
    {
        var bytes = file.ToList();
        for (int edits = random.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, other.AsSpan(random.Next(other.Length)) is var rest ? rest[..Math.Min(rest.Length, length)].ToArray() : []); break;
                default: for (int i = 0; i < length; i++) bytes[at + i] = (byte)(random.Next(2) == 0 ? 0xFF : 0x7F); break;
            }
        }
        return [.. bytes];
    }
}
