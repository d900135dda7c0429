using Cajal.Logs;
using Cajal.Tests.IO;

namespace Cajal.Tests.Logs;

/// <summary>Event files as TensorBoard reads them; Debian's protoc decodes them with TensorFlow's own message definitions in tests/interop.</summary>
public sealed class EventFileTests
{
    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(1.5);
    }

    // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and 0, 1, 2, ...
    [Theory]
    [InlineData(0, 0, 0x8A9136AAu)]
    [InlineData(255, 0, 0x62A8AB43u)]
    [InlineData(0, 1, 0x46DD794Eu)]
    public void TheCheckIsThatOfTheStandard(int first, int step, uint expected)
    {
        byte[] bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)(first + i * step))];
        Assert.Equal(expected, ~Crc32C.Add(uint.MaxValue, bytes));
    }

    // Written out by hand: event { wall_time 1.5, step 7, summary { value { tag "a", simple_value 2 } } }.
    [Fact]
    public void AScalarHasTheBytesOfTheFormat()
    {
        using var scratch = new Scratch();
        string path;
        using (var writer = new EventWriter(scratch.Folder, new Noon()))
        {
            writer.Scalar("a", 2, 7);
            path = writer.Path;
        }
        byte[] version = [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0x10, 0, 0x1A, 13, .. "brain.Event:2"u8];
        byte[] scalar = [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0x10, 7, 0x2A, 10, 0x0A, 8, 0x0A, 1, (byte)'a', 0x15, 0, 0, 0, 0x40];
        Assert.Equal([.. Record(version), .. Record(scalar)], File.ReadAllBytes(path));
        Assert.StartsWith(Path.Combine(scratch.Folder, "events.out.tfevents.1."), path);
    }

    [Fact]
    public void EverythingIsReadBack()
    {
        using var scratch = new Scratch();
        string path;
        using (var writer = new EventWriter(scratch.Folder, new Noon()))
        {
            writer.Scalar("train/loss", 0.25, 1);
            writer.Histogram("weights", Tensor.From([-2f, 0, 1e-3f, 1e-3f, 5, float.NaN]), 2);
            writer.Histogram("nothing", Tensor.Zeros(0), 2);
            writer.Image("picture", Tensor.From([0f, 0.5f, 1, 2], 1, 2, 2), 3);
            writer.Text("note", "größer **als**", 4);
            writer.Graph(new Sequential(new Linear(3, 2), new ReLU()), [1, 3]);
            path = writer.Path;
        }
        Assert.True(EventFile.Recognises(path));
        var values = EventFile.Read(path);
        Assert.Equal([LoggedKind.Scalar, LoggedKind.Histogram, LoggedKind.Histogram, LoggedKind.Image, LoggedKind.Text, LoggedKind.Graph], values.Select(value => value.Kind));
        Assert.Equal(("train/loss", 1L, 0.25, DateTimeOffset.UnixEpoch.AddSeconds(1.5)), (values[0].Tag, values[0].Step, values[0].Number, values[0].Time));
        Assert.Equal((5.0, 5.0), (values[1].Number, values[1].Buckets.Sum(bucket => bucket.Count)));
        Assert.True(values[1].Buckets[0].Limit < -2 && values[1].Buckets[^1].Limit > 5);
        Assert.Equal(2, values[1].Buckets.Single(bucket => bucket.Limit is > 1e-3 and < 1.11e-3).Count);
        Assert.Equal(0, values[2].Number);
        Assert.Equal("größer **als**", values[4].Text);
        var picture = StbImageDecoder.Shared.Decode(Write(scratch["a.png"], values[3].Picture!), 1);
        Assert.Equal([0, 128, 255, 255], picture.Pixels.ToArray().Select(value => (int)value));
        Assert.Equal(7, values[5].Number);
    }

    [Fact]
    public void ARunThatWasKilledLeavesWhatItSaid()
    {
        using var scratch = new Scratch();
        using var writer = new EventWriter(scratch.Folder);
        writer.Scalar("a", 1, 1);
        writer.Scalar("a", 2, 2);
        byte[] whole = File.ReadAllBytes(writer.Path);
        File.WriteAllBytes(scratch["cut"], whole[..^3]);
        Assert.Equal(1, Assert.Single(EventFile.Read(scratch["cut"])).Number);
        whole[^6] ^= 1;
        File.WriteAllBytes(scratch["bad"], whole);
        Assert.Contains("a record fails its check", Assert.Throws<InvalidDataException>(() => EventFile.Read(scratch["bad"])).Message);
        File.WriteAllText(scratch["text"], "this is no event file at all");
        Assert.False(EventFile.Recognises(scratch["text"]));
        Assert.Contains("is not an event file", Assert.Throws<InvalidDataException>(() => EventFile.Read(scratch["text"])).Message);
    }

    private static byte[] Record(byte[] message)
    {
        byte[] length = BitConverter.GetBytes((long)message.Length);
        return [.. length, .. BitConverter.GetBytes(Crc32C.Masked(length)), .. message, .. BitConverter.GetBytes(Crc32C.Masked(message))];
    }

    private static string Write(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
