using System.Net;

namespace Cajal.Cli.Tests;

public class OtherCommandTests
{
    [Fact]
    public void List_names_every_data_set_and_network()
    {
        var outcome = Cli.Run("list");
        foreach (string name in new[] { "digits", "iris", "wine", "breast-cancer", "diabetes", "mnist", "fashion-mnist", "linear", "mlp", "lenet5", "cnn" }) Assert.Contains($"\n  {name} ", "\n" + outcome.Output);
        Assert.Equal(["data", "model", "experiment"], Cli.Run("list", "--json").Json.Select(line => line.GetProperty("event").GetString()).Distinct());
    }

    [Fact]
    public void List_shows_experiments_and_what_each_must_show()
    {
        var outcome = Cli.Run("list", "experiments");
        Assert.Matches("(?m)^  cnn +LeNet-5, .*\n.*LeCun et al. 1998.*\n.*accuracy on Fashion-MNIST's test images ≥ 93.50 %", outcome.Output);
        Assert.DoesNotContain("iris", outcome.Output);
        var wrong = Cli.Run("list", "experimets");
        Assert.Equal(ExitCode.Usage, wrong.Code);
        Assert.Equal("cajal: there is no list of \"experimets\"; did you mean \"experiments\"?\n", wrong.Error);
    }

    [Fact]
    public void List_shows_architectures_with_their_sizes()
    {
        var outcome = Cli.Run("list", "models");
        Assert.Matches(@"(?m)^  lenet5 +61,706  LeNet-5", outcome.Output);
        Assert.Matches(@"(?m)^  alexnet +60,965,224  ", outcome.Output);
        Assert.Contains(Cli.Run("list", "models", "--json").Json, line => line.GetProperty("name").GetString() == "lenet5" && line.GetProperty("parameters").GetInt64() == 61_706);
    }

    [Fact]
    public void Inspect_shows_layers_tensors_and_totals()
    {
        using var cli = new Cli();
        string model = cli.Train("iris", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        var outcome = Cli.Run("inspect", model);
        Assert.Contains("Linear(inFeatures: 4, outFeatures: 3), 15 parameters", outcome.Output);
        Assert.Matches(@"1\.1\.weight +F32 +\[3, 4\] +12 +48", outcome.Output);
        Assert.Matches(@"total +23 +92", outcome.Output);
        Assert.Contains("cajal.training:", outcome.Output);
        Assert.Equal(4, Cli.Run("inspect", model, "--json").Json.Count(line => line.GetProperty("event").GetString() == "tensor"));
    }

    [Fact]
    public void Inspect_reads_files_of_other_programs()
    {
        using var cli = new Cli();
        Safetensors.Save(cli.File("other.safetensors"), [new("a", Tensor.Zeros([2, 3]))], [new("format", "pt")]);
        var outcome = Cli.Run("inspect", cli.File("other.safetensors"));
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Matches(@"a +F32 +\[2, 3\] +6 +24", outcome.Output);
        Assert.Contains("format: pt", outcome.Output);
        var predicted = Cli.Run("predict", cli.File("other.safetensors"), "a.png");
        Assert.Equal(ExitCode.BadFile, predicted.Code);
        Assert.Contains("holds weights but no architecture", predicted.Error);
    }

    [Fact]
    public void Doctor_tests_the_machine()
    {
        var doctor = Cli.Run("doctor", "--json").Event("doctor");
        Assert.Contains("bits", doctor.GetProperty("vectors").GetString());
        Assert.Matches(@"\d+\.\d GFLOP/s", doctor.GetProperty("self-test").GetString());
        Assert.DoesNotContain(doctor.GetProperty("advice").EnumerateArray(), line => line.GetString()!.Contains("product is wrong", StringComparison.Ordinal));
    }

    [Fact]
    public void Built_in_data_need_not_be_fetched()
    {
        var outcome = Cli.Run("data", "get", "iris");
        Assert.Equal((ExitCode.Ok, "iris is built in; there is nothing to fetch.\n"), (outcome.Code, outcome.Error));
    }

    [Fact]
    public void Data_are_described()
    {
        var outcome = Cli.Run("data", "info", "iris");
        Assert.Contains("classes  setosa (50), versicolor (50), virginica (50)", outcome.Output);
        Assert.Contains("CC BY 4.0", outcome.Output);
    }

    [Fact]
    public void Data_that_are_not_here_are_described_too()
    {
        using var cli = new Cli();
        var outcome = Cli.Run("data", "info", "mnist", "--data", cli.Folder);
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("CC BY-SA 3.0", outcome.Output);
        Assert.Contains("classes  0, 1, 2, 3, 4, 5, 6, 7, 8, 9", outcome.Output);
    }

    [Theory]
    [InlineData("somewhere")]
    [InlineData("ftp://example.org/mnist/")]
    [InlineData("file:///etc/")]
    public void A_mirror_must_be_a_web_address(string address)
    {
        using var cli = new Cli();
        var outcome = Cli.Run("data", "get", "mnist", "--mirror", address, "--data", cli.Folder);
        Assert.Equal((ExitCode.Usage, $"cajal: --mirror must be an address such as https://example.org/mnist/, but is \"{address}\".\n"), (outcome.Code, outcome.Error));
    }

    [Fact]
    public void Whole_files_are_not_fetched_again_and_damaged_ones_are()
    {
        using var cli = new Cli();
        foreach (var (part, count) in new[] { ("train", 20), ("t10k", 10) })
        {
            byte[] Header(byte kind, params int[] shape) => [0, 0, 8, kind, .. shape.SelectMany(length => new byte[] { 0, 0, (byte)(length >> 8), (byte)length })];
            File.WriteAllBytes(cli.File($"{part}-images-idx3-ubyte"), [.. Header(3, count, 28, 28), .. new byte[count * 28 * 28]]);
            File.WriteAllBytes(cli.File($"{part}-labels-idx1-ubyte"), [.. Header(1, count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);
        }
        var there = Cli.Run("data", "get", "mnist", "--data", cli.Folder);
        Assert.Equal((ExitCode.Ok, cli.Folder + "\n", "mnist is there already, whole.\n"), (there.Code, there.Output, there.Error));
        File.WriteAllBytes(cli.File("t10k-labels-idx1-ubyte"), [1, 2, 3]);
        var damaged = Cli.Run("data", "get", "mnist", "--data", cli.Folder, "--mirror", $"http://127.0.0.1:{FreePort()}/");
        Assert.Equal(ExitCode.BadFile, damaged.Code);
        Assert.Contains("could not be fetched", damaged.Error);
    }

    [Fact]
    public void Offline_says_what_to_do()
    {
        using var cli = new Cli();
        var outcome = Cli.Run("data", "get", "mnist", "--mirror", $"http://127.0.0.1:{FreePort()}/", "--data", cli.Folder);
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Contains("train-images-idx3-ubyte.gz could not be fetched (127.0.0.1: Connection refused", outcome.Error);
        Assert.Contains($"copy the file to {Path.Combine(cli.Folder, "mnist")} by hand", outcome.Error);
    }

    [Fact]
    public async Task A_mirror_with_another_file_is_not_believed()
    {
        using var cli = new Cli();
        using var server = new HttpListener();
        string address = $"http://127.0.0.1:{FreePort()}/";
        server.Prefixes.Add(address);
        server.Start();
        var serving = Task.Run(async () =>
        {
            while (server.IsListening)
            {
                HttpListenerContext request;
                try
                {
                    request = await server.GetContextAsync();
                }
                catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                await request.Response.OutputStream.WriteAsync("not the file"u8.ToArray());
                request.Response.Close();
            }
        });
        var outcome = Cli.Run("data", "get", "mnist", "--mirror", address, "--data", cli.Folder);
        server.Stop();
        await serving;
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Contains("fetching train-images-idx3-ubyte.gz", outcome.Error);
        Assert.Contains("127.0.0.1 sent a file with another checksum", outcome.Error);
        Assert.Empty(Directory.GetFiles(Path.Combine(cli.Folder, "mnist")));
    }

    [Fact]
    public void Missing_files_are_explained()
    {
        using var cli = new Cli();
        var outcome = Cli.Run("train", "mnist", "--data", cli.Folder);
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Contains("run \"cajal data get mnist\", point to them with \"--data DIR\"", outcome.Error);
    }

    [Theory]
    [InlineData("plain-1.csv", "plain-1.csv")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    [InlineData("$HOME", "'$HOME'")]
    public void Words_are_quoted_for_the_shell(string word, string quoted)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the quoting of POSIX shells");
        Assert.Equal(quoted, CommandHint.Quote(word));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
