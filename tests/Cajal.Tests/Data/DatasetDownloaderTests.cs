using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Cajal.Tests.Data;

public sealed class DatasetDownloaderTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 ^ i >> 8))];

    private static readonly PublishedFile File1 = new("part.gz", Convert.ToHexStringLower(MD5.HashData(Content)));

    private static Task<string> Get(Scratch scratch, params string[] mirrors) =>
        new DatasetDownloader { Timeout = TimeSpan.FromSeconds(5) }.GetAsync("toy", [File1], mirrors, scratch.Folder);

    [Fact]
    public async Task FetchesVerifiesAndLeavesWholeFilesAlone()
    {
        using var scratch = new Scratch();
        using var server = new Server();
        Assert.Equal(scratch.Folder, await Get(scratch, server.Address));
        Assert.Equal(Content, File.ReadAllBytes(scratch["part.gz"]));
        Assert.False(File.Exists(scratch["part.gz.part"]));
        await Get(scratch, server.Address);
        Assert.Single(server.Ranges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ContinuesABrokenTransfer(bool ranges)
    {
        using var scratch = new Scratch();
        using var server = new Server { Supports = ranges };
        File.WriteAllBytes(scratch["part.gz.part"], Content[..1000]);
        await Get(scratch, server.Address);
        Assert.Equal(Content, File.ReadAllBytes(scratch["part.gz"]));
        Assert.Equal(["bytes=1000-"], server.Ranges);
        Assert.Equal(ranges ? Content.Length - 1000 : Content.Length, server.Sent);
    }

    [Fact]
    public async Task ContinuesAfterTheConnectionBreaks()
    {
        using var scratch = new Scratch();
        using var server = new Server { BreakAfter = 100_000 };
        await Get(scratch, server.Address);
        Assert.Equal(Content, File.ReadAllBytes(scratch["part.gz"]));
        Assert.Equal(2, server.Ranges.Count);
        Assert.StartsWith("bytes=", server.Ranges[1]);
    }

    [Fact]
    public async Task WrongContentIsNeverKeptAndTheNextMirrorIsTried()
    {
        using var scratch = new Scratch();
        using var bad = new Server { Body = [1, 2, 3] };
        var error = await Assert.ThrowsAsync<IOException>(() => Get(scratch, bad.Address));
        Assert.Contains("another checksum", error.Message);
        Assert.Empty(Directory.GetFiles(scratch.Folder));
        using var good = new Server();
        await Get(scratch, bad.Address, good.Address);
        Assert.Equal(Content, File.ReadAllBytes(scratch["part.gz"]));
    }

    [Fact]
    public async Task OfflineExplainsItselfInOneSentence()
    {
        using var scratch = new Scratch();
        using var missing = new Server { Status = HttpStatusCode.NotFound };
        string dead;
        using (var gone = new Server())
        {
            dead = gone.Address;
        }
        var error = await Assert.ThrowsAsync<IOException>(() => Get(scratch, missing.Address, dead));
        Assert.StartsWith("toy: part.gz could not be fetched (", error.Message);
        Assert.Contains("404", error.Message);
        Assert.Contains("check the network connection", error.Message);
        Assert.Contains(scratch.Folder, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task CancellationKeepsWhatWasReceived()
    {
        using var scratch = new Scratch();
        using var server = new Server { StallAfter = 50_000 };
        using var cancel = new CancellationTokenSource();
        var progress = new Immediate(p => { if (p.Received >= 50_000) cancel.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new DatasetDownloader().GetAsync("toy", [File1], [server.Address], scratch.Folder, progress, cancel.Token));
        Assert.Equal(Content[..50_000], File.ReadAllBytes(scratch["part.gz.part"]));
    }

    private sealed class Immediate(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }

    /// <summary>A small HTTP/1.1 server on the loopback interface, one request per connection.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource closing = new();

        public Server()
        {
            listener.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
            _ = Serve();
        }

        public string Address { get; }
        public byte[] Body { get; init; } = Content;
        public bool Supports { get; init; } = true;
        public int? BreakAfter { get; set; }
        public int? StallAfter { get; init; }
        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;
        public List<string> Ranges { get; } = [];
        public int Sent { get; private set; }

        public void Dispose()
        {
            closing.Cancel();
            listener.Stop();
        }

        private async Task Serve()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await listener.AcceptTcpClientAsync(closing.Token);
                    await Answer(client.GetStream());
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task Answer(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            string range = "";
            while (await reader.ReadLineAsync(closing.Token) is { Length: > 0 } line)
            {
                range = line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase) ? line[7..] : range;
            }
            Ranges.Add(range);
            int from = Supports && range.Length > 0 ? int.Parse(range[6..^1]) : 0;
            string status = Status != HttpStatusCode.OK ? $"{(int)Status} Not Found" : from > 0 ? $"206 Partial Content\r\nContent-Range: bytes {from}-{Body.Length - 1}/{Body.Length}" : "200 OK";
            int length = Status == HttpStatusCode.OK ? Body.Length - from : 0, send = Math.Min(length, BreakAfter ?? StallAfter ?? length);
            BreakAfter = null;
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"));
            Sent += send;
            await stream.WriteAsync(Body.AsMemory(from, send));
            if (StallAfter is not null)
            {
                await Task.Delay(TimeSpan.FromSeconds(10), closing.Token);
            }
        }
    }
}
