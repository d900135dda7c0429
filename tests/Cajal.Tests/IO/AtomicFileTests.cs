namespace Cajal.Tests.IO;

public class AtomicFileTests
{
    [Fact]
    public void AFailureLeavesTheOldFileAndNothingElse()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["a"], "old");
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(scratch["a"], stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal($"{scratch["a"]} cannot be written: No space left on device; what was there before is unchanged.", error.Message);
        Assert.Equal("old", File.ReadAllText(scratch["a"]));
        Assert.Equal([scratch["a"]], Directory.GetFiles(scratch.Folder));
    }

    // A process can be killed at any moment; what a survivor finds then is what can be seen at that moment.
    [Fact]
    public void AtEveryMomentTheFileIsTheOldOneOrTheNewOne()
    {
        using var scratch = new Scratch();
        byte[] old = [.. Enumerable.Repeat((byte)1, 300_000)], fresh = [.. Enumerable.Repeat((byte)2, 400_000)];
        File.WriteAllBytes(scratch["a"], old);
        AtomicFile.Write(scratch["a"], stream =>
        {
            foreach (byte[] piece in fresh.Chunk(50_000))
            {
                stream.Write(piece);
                stream.Flush();
                Assert.Equal(old, File.ReadAllBytes(scratch["a"]));
            }
        });
        Assert.Equal(fresh, File.ReadAllBytes(scratch["a"]));
    }

    [Fact]
    public async Task AReaderBesideManyWritersNeverSeesAMixture()
    {
        if (OperatingSystem.IsWindows()) return; // there, a file that somebody reads cannot be replaced
        using var scratch = new Scratch();
        AtomicFile.Write(scratch["a"], stream => stream.Write(new byte[100_000]));
        var writers = Enumerable.Range(1, 2).Select(id => Task.Run(() =>
        {
            for (int i = 0; i < 20; i++) AtomicFile.Write(scratch["a"], stream => stream.Write([.. Enumerable.Repeat((byte)id, 100_000)]));
        })).ToArray();
        while (!writers.All(writer => writer.IsCompleted))
        {
            byte[] seen = File.ReadAllBytes(scratch["a"]);
            Assert.Equal(100_000, seen.Length);
            Assert.Equal(-1, seen.AsSpan().IndexOfAnyExcept(seen[0]));
        }
        await Task.WhenAll(writers);
    }

    [Fact]
    public void AMissingFolderAndAFolderInTheWayAreNamed()
    {
        using var scratch = new Scratch();
        Assert.Contains("does not exist", Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(scratch["no/a"], _ => { })).Message);
        Assert.EndsWith("it is a folder.", Assert.Throws<IOException>(() => AtomicFile.Write(scratch.Folder, _ => { })).Message);
    }

    [Fact]
    public void ALinkIsFollowedAndPermissionsStay()
    {
        if (OperatingSystem.IsWindows()) return;
        using var scratch = new Scratch();
        File.WriteAllText(scratch["real"], "old");
        File.SetUnixFileMode(scratch["real"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(scratch["link"], scratch["real"]);
        AtomicFile.Write(scratch["link"], stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(scratch["real"]));
        Assert.NotNull(new FileInfo(scratch["link"]).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch["real"]));
    }
}
