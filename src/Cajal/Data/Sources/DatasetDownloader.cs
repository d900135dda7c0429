using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Cajal;

/// <summary>How far a download is.</summary>
/// <param name="File">File name.</param>
/// <param name="Received">Bytes on the disk.</param>
/// <param name="Total">Bytes in all, if the server says.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);

/// <summary>One published file: its name and the MD5 sum of the classic gzip file, by which a transfer is verified.</summary>
/// <param name="Name">File name on the mirrors and on the disk.</param>
/// <param name="Md5">32 hexadecimal digits.</param>
public sealed record PublishedFile(string Name, string Md5);

/// <summary>
/// Fetches published datasets from public mirrors: continues broken transfers, verifies checksums, and renames a file into place only when
/// it is whole, so a broken download never looks like a dataset.
/// </summary>
/// <param name="handler">The HTTP transport; null: the platform's. Give one to use a proxy or to test.</param>
public sealed class DatasetDownloader(HttpMessageHandler? handler = null)
{
    private const int Attempts = 3;
    private const int BufferSize = 1 << 16;

    /// <summary>No file here is larger than 27 MB; a server that sends more is not the mirror it claims to be.</summary>
    private const long MaxBytes = 64L << 20;

    private static readonly string[] MnistMirrors =
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"];

    private static readonly string[] FashionMirrors =
    [
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ];

    private static readonly PublishedFile[] MnistFiles =
    [
        new("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"), new("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        new("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"), new("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    ];

    private static readonly PublishedFile[] FashionFiles =
    [
        new("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"), new("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        new("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"), new("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    ];

    /// <summary>Time without any answer after which a mirror counts as unreachable.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Base addresses, each ending in a slash, to ask instead of the public mirrors of MNIST and Fashion-MNIST; null: the public ones.</summary>
    public IReadOnlyList<string>? Mirrors { get; init; }

    /// <summary>Fetches the four files of MNIST or Fashion-MNIST; files already there and whole are left alone.</summary>
    /// <param name="variant">Which dataset.</param>
    /// <param name="directory">Target folder, created if needed; null: the per-user cache, where <see cref="Datasets"/> finds them.</param>
    /// <param name="progress">Told after every piece.</param>
    /// <param name="cancellation">Stops; what has been received is kept and continued next time.</param>
    /// <returns>Absolute path of the folder.</returns>
    /// <exception cref="IOException">No mirror could be reached or none sent the right file; one sentence says what to do.</exception>
    public Task<string> GetAsync(
        MnistVariant variant, string? directory = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default) =>
        GetAsync(
            DatasetLocations.NameOf(variant),
            variant == MnistVariant.Mnist ? MnistFiles : FashionFiles,
            Mirrors ?? (variant == MnistVariant.Mnist ? MnistMirrors : FashionMirrors),
            directory ?? Path.Combine(DatasetLocations.Cache, DatasetLocations.NameOf(variant)), progress, cancellation);

    /// <summary>Fetches any files with known MD5 sums from mirrors, tried in order.</summary>
    /// <param name="name">What to call the dataset in messages.</param>
    /// <param name="files">Names and sums.</param>
    /// <param name="mirrors">Base addresses, each ending in a slash.</param>
    /// <param name="directory">Target folder.</param>
    /// <param name="progress">Told after every piece.</param>
    /// <param name="cancellation">Stops; what has been received is kept and continued next time.</param>
    /// <returns>Absolute path of the folder.</returns>
    /// <exception cref="IOException">No mirror could be reached or none sent the right file.</exception>
    public async Task<string> GetAsync(
        string name, IReadOnlyList<PublishedFile> files, IReadOnlyList<string> mirrors, string directory,
        IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(directory);
        using var client = new HttpClient(handler ?? new SocketsHttpHandler { ConnectTimeout = Timeout }, disposeHandler: handler is null);
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        foreach (PublishedFile file in files)
        {
            string target = Path.Combine(directory, file.Name);
            if (File.Exists(target) && await HasSumAsync(target, file.Md5, cancellation).ConfigureAwait(false))
            {
                continue;
            }
            await FetchAsync(client, name, file, mirrors, target, progress, cancellation).ConfigureAwait(false);
        }
        return Path.GetFullPath(directory);
    }

    private async Task FetchAsync(
        HttpClient client, string name, PublishedFile file, IReadOnlyList<string> mirrors, string target,
        IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string part = target + ".part";
        var troubles = new List<string>();
        foreach (string mirror in mirrors)
        {
            string host = new Uri(mirror).Host;
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                try
                {
                    await ReceiveAsync(client, new Uri(mirror + file.Name), file.Name, part, progress, cancellation).ConfigureAwait(false);
                    if (await HasSumAsync(part, file.Md5, cancellation).ConfigureAwait(false))
                    {
                        File.Move(part, target, overwrite: true);
                        return;
                    }
                    File.Delete(part);
                    troubles.Add($"{host} sent a file with another checksum");
                }
                catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
                {
                    troubles.Add($"{host}: {(error is OperationCanceledException ? "no answer" : error.Message.TrimEnd('.'))}");
                    if (error is HttpRequestException { StatusCode: not null } or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError })
                    {
                        break;
                    }
                }
            }
        }
        throw new IOException(
            $"{name}: {file.Name} could not be fetched ({string.Join("; ", troubles.Distinct())}): check the network connection, or copy the file to "
            + $"{Path.GetDirectoryName(target)} by hand; what was received is kept and the same command continues it.");
    }

    /// <summary>Receives a file behind what a broken transfer left, if the server can; else from the start.</summary>
    private async Task ReceiveAsync(
        HttpClient client, Uri address, string name, string part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Timeout);
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = have > 0 ? new RangeHeaderValue(have, null) : null;
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return; // Nothing is left to send: the checksum decides whether what is there is the file.
        }
        answer.EnsureSuccessStatusCode();
        bool continues = answer.StatusCode == HttpStatusCode.PartialContent && answer.Content.Headers.ContentRange?.From == have;
        have = continues ? have : 0;
        if (answer.StatusCode == HttpStatusCode.PartialContent && !continues)
        {
            File.Delete(part);
            throw new IOException("the server sent another part of the file than was asked for");
        }
        long? total = have + answer.Content.Headers.ContentLength;
        await using Stream source = await answer.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        await using var sink = new FileStream(part, continues ? FileMode.Append : FileMode.Create, FileAccess.Write);
        var buffer = new byte[BufferSize];
        while (true)
        {
            patience.CancelAfter(Timeout);
            int got = await source.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
            if (got == 0)
            {
                break;
            }
            have += got;
            if (have > MaxBytes)
            {
                throw new IOException($"the server sends more than {MaxBytes >> 20} MiB, which this file cannot have");
            }
            await sink.WriteAsync(buffer.AsMemory(0, got), patience.Token).ConfigureAwait(false);
            progress?.Report(new DownloadProgress(name, have, total));
        }
        if (total is { } expected && have < expected)
        {
            throw new IOException($"the connection ended after {have} of {expected} bytes");
        }
    }

    private static async Task<bool> HasSumAsync(string path, string md5, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            return false;
        }
        await using FileStream stream = File.OpenRead(path);
        byte[] sum = await MD5.HashDataAsync(stream, cancellation).ConfigureAwait(false);
        return Convert.ToHexStringLower(sum) == md5;
    }
}
