using System.Text.Json;

namespace Cajal.Cli.Tests;

/// <summary>inspect, convert, diff and export, and the logs of train.</summary>
public class FormatTests
{
    private static readonly Sequential Net = new(new Linear(3, 4), new Tanh(), new Linear(4, 2));

    private static string Model(Cli cli, string name = "net.safetensors", Module? net = null)
    {
        (net ?? Net).Save(cli.File(name));
        return cli.File(name);
    }

    [Fact]
    public void Inspect_counts_the_work_of_a_known_network()
    {
        using var cli = new Cli();
        string model = cli.Train("iris", "--model", "mlp", "--hidden", "8", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        var outcome = Cli.Run("inspect", model, "--json");
        var file = outcome.Event("file");
        Assert.Equal((4 * 8 + 8 * 3, 8 * 4 + 8 + 3 * 8 + 3), (file.GetProperty("macs").GetInt32(), file.GetProperty("parameters").GetInt32()));
        Assert.Contains(outcome.Json, line => line.GetProperty("event").GetString() == "layer" && line.GetProperty("type").GetString() == "Linear" && line.GetProperty("macs").GetInt32() == 32);
        Assert.Contains("MACs", Cli.Run("inspect", model).Output);
    }

    [Fact]
    public void Inspect_shows_statistics_and_takes_a_shape()
    {
        using var cli = new Cli();
        Safetensors.Save(cli.File("a.safetensors"), [new("x", Tensor.From([1f, 2, 3, float.NaN]))]);
        var outcome = Cli.Run("inspect", cli.File("a.safetensors"));
        Assert.Matches(@"x +F32 +\[4\] +4 +16 +2 +0\.8165 +1 +3", outcome.Output);
        Assert.Contains("warning: x: 1 of 4 numbers are not finite", outcome.Error);
        var tensor = Cli.Run("inspect", cli.File("a.safetensors"), "--json").Event("tensor");
        Assert.Equal((2.0, 1), (tensor.GetProperty("mean").GetDouble(), tensor.GetProperty("not_finite").GetInt32()));
        Assert.Matches(@"total +20 +20|total +26 +20", Cli.Run("inspect", Model(cli), "--input", "1,3").Output);
        var refused = Cli.Run("inspect", cli.File("a.safetensors"), "--input", "1,3");
        Assert.Equal((ExitCode.Usage, true), (refused.Code, refused.Error.Contains("holds tensors only", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_format_is_known_by_its_content()
    {
        using var cli = new Cli();
        PyTorch.Save(cli.File("a.bin"), [new("w", Tensor.Ones(2))]);
        NumpyFile.Write(cli.File("b.bin"), Tensor.Ones(2));
        NumpyFile.WriteArchive(cli.File("c.bin"), [new("w", Tensor.Ones(2))]);
        Safetensors.Save(cli.File("d.bin"), [new("w", Tensor.Ones(2))]);
        using (var writer = new EventWriter(cli.File("log"))) writer.Scalar("loss", 0.5, 3);
        File.Move(Directory.GetFiles(cli.File("log")).Single(), cli.File("e.bin"));
        string[] formats = ["PyTorch", "NumPy", "NumPy", "safetensors", "TensorBoard"];
        Assert.Equal(formats, "abcde".Select(name => Cli.Run("inspect", cli.File($"{name}.bin"), "--json").Event("file").GetProperty("format").GetString()));
        Assert.Matches(@"loss +scalar +1 +3-3 +0\.5 +0\.5 +0\.5", Cli.Run("inspect", cli.File("e.bin")).Output);
        var tag = Cli.Run("inspect", cli.File("e.bin"), "--json").Event("tag");
        Assert.Equal(("loss", "scalar", 0.5), (tag.GetProperty("name").GetString(), tag.GetProperty("kind").GetString(), tag.GetProperty("last").GetDouble()));
        var strange = Cli.Run("inspect", cli.File("f.bin", "what is this? nobody knows"));
        Assert.Equal(ExitCode.BadFile, strange.Code);
        Assert.Contains("is of no format that can be read: safetensors, PyTorch, NumPy, Keras, TensorBoard", strange.Error);
    }

    [Theory]
    [InlineData("b.safetensors", "safetensors")]
    [InlineData("b.pt", "PyTorch")]
    [InlineData("b.npz", "NumPy")]
    public void Convert_keeps_names_and_numbers(string name, string format)
    {
        using var cli = new Cli();
        string model = Model(cli);
        var outcome = Cli.Run("convert", model, cli.File(name), "--json");
        Assert.Equal((ExitCode.Ok, format, 4), (outcome.Code, outcome.Event("end").GetProperty("format").GetString(), outcome.Event("end").GetProperty("tensors").GetInt32()));
        var diff = Cli.Run("diff", model, cli.File(name), "--tolerance", "0");
        Assert.Equal((ExitCode.Ok, "4 of 4 tensors are equal\n"), (diff.Code, diff.Output));
    }

    [Fact]
    public void Convert_takes_a_part_narrows_floats_and_refuses_what_it_cannot()
    {
        using var cli = new Cli();
        PyTorch.Save(cli.File("a.pt"), [new("model.w", Tensor.From([1.0009765625f, 2])), new("optimizer.m", Tensor.Ones(3))]);
        Assert.Equal(ExitCode.Ok, Cli.Run("convert", cli.File("a.pt"), cli.File("b.npy"), "--part", "model.").Code);
        Assert.Equal([1.0009765625f, 2], NumpyFile.Read(cli.File("b.npy")).ToArray<float>());
        Assert.Equal(ExitCode.Ok, Cli.Run("convert", cli.File("a.pt"), cli.File("b.safetensors"), "--part", "model.", "--floats", "bf16").Code);
        using (var file = Safetensors.Open(cli.File("b.safetensors"))) Assert.Equal(("w", "BF16"), (file.Entries.Single().Name, file.Entries.Single().StoredType));
        (string[] Arguments, string Message)[] refusals =
        [
            (["convert", cli.File("a.pt"), cli.File("b.npy")], "holds one array, and there are 2"),
            (["convert", cli.File("a.pt"), cli.File("b.safetensor")], "is none that can be written: .safetensors, .pt, .pth, .npy, .npz; did you mean \".safetensors\"?"),
            (["convert", cli.File("a.pt"), cli.File("b.npz"), "--part", "net."], "begins with \"net.\"; they begin with model., optimizer."),
            (["convert", cli.File("a.pt")], "say where to"),
        ];
        foreach (var (arguments, message) in refusals)
        {
            var outcome = Cli.Run(arguments);
            Assert.Equal(ExitCode.Usage, outcome.Code);
            Assert.Contains(message, outcome.Error);
        }
    }

    [Fact]
    public void Diff_aligns_keys_and_measures()
    {
        using var cli = new Cli();
        Safetensors.Save(cli.File("a.safetensors"), [new("x", Tensor.From([3f, 4])), new("y", Tensor.Ones(2)), new("z", Tensor.Ones(2, 2)), new("only", Tensor.Ones(1))]);
        Safetensors.Save(cli.File("b.safetensors"), [new("x", Tensor.From([3f, 4.5f])), new("y", Tensor.Ones(2)), new("z", Tensor.Ones(4)), new("extra", Tensor.Ones(1))]);
        var outcome = Cli.Run("diff", cli.File("a.safetensors"), cli.File("b.safetensors"));
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Matches(@"x +\[2\] +5 +0\.5 +0\.1 +0\.5", outcome.Output);
        Assert.Contains("only in A: only [1]", outcome.Output);
        Assert.Contains("only in B: extra [1]", outcome.Output);
        Assert.Contains("other shape: z [2, 2] and [4]", outcome.Output);
        Assert.Contains("1 of 2 tensors are equal, 1 only in A, 1 only in B, 1 of other shapes", outcome.Output);
        Assert.Equal(ExitCode.Missed, Cli.Run("diff", cli.File("a.safetensors"), cli.File("b.safetensors"), "--tolerance", "1").Code);

        PyTorch.Save(cli.File("c.pt"), [new("model.net.x", Tensor.From([3f, 4])), new("model.net.y", Tensor.From([1f, float.NaN]))]);
        Safetensors.Save(cli.File("d.safetensors"), [new("x", Tensor.From([3f, 4])), new("y", Tensor.From([1f, float.NaN]))]);
        foreach (var (a, b) in new[] { ("c.pt", "d.safetensors"), ("d.safetensors", "c.pt") })
        {
            var aligned = Cli.Run("diff", cli.File(a), cli.File(b), "--tolerance", "0");
            Assert.Equal(ExitCode.Ok, aligned.Code);
            Assert.Contains("are compared without \"model.net.\"", aligned.Error);
        }
        var end = Cli.Run("diff", cli.File("a.safetensors"), cli.File("b.safetensors"), "--json").Event("end");
        Assert.Equal((2, 1, 0.5), (end.GetProperty("tensors").GetInt32(), end.GetProperty("equal").GetInt32(), end.GetProperty("largest").GetDouble()));
    }

    [Fact]
    public void Diff_shows_how_networks_differ()
    {
        using var cli = new Cli();
        string other = Model(cli, "b.safetensors", new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 2)));
        var outcome = Cli.Run("diff", Model(cli), other);
        Assert.Contains("-   1: Tanh()\n+   1: ReLU()\n", outcome.Output);
    }

    [Fact]
    public void Export_writes_weights_for_other_programs()
    {
        using var cli = new Cli();
        string model = Model(cli);
        foreach (string target in new[] { "safetensors", "pt", "npz" })
        {
            var outcome = Cli.Run("export", model, "--to", target, "--json");
            Assert.Equal(ExitCode.Ok, outcome.Code);
            string file = outcome.Event("end").GetProperty("files")[0].GetString()!;
            Assert.Equal(ExitCode.Ok, Cli.Run("diff", model, file, "--tolerance", "0").Code);
            var again = new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2));
            Assert.True(again.LoadWeights(file).IsComplete);
        }
    }

    [Fact]
    public void Export_writes_code_with_the_names_of_the_classes()
    {
        using var cli = new Cli();
        string model = cli.Train("iris", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        var outcome = Cli.Run("export", model, "--to", "csharp", "--out", cli.File("Iris.cs"));
        Assert.Equal((ExitCode.Ok, cli.File("Iris.cs") + "\n"), (outcome.Code, outcome.Output));
        string source = File.ReadAllText(cli.File("Iris.cs"));
        Assert.Contains("public sealed class Iris", source);
        Assert.Contains("{ \"setosa\", \"versicolor\", \"virginica\" }", source);
    }

    [Fact]
    public void Export_says_what_is_missing()
    {
        using var cli = new Cli();
        string plain = Model(cli), recurrent = Model(cli, "r.safetensors", new Sequential(new LSTM(2, 3)));
        (string[] Arguments, string Message)[] refusals =
        [
            (["export", plain, "--to", "csharp"], "does not say what its inputs look like"),
            (["export", plain], "say what to write: --to safetensors, pt, npz, onnx, csharp"),
            (["export", plain, "--to", "charp"], "did you mean \"csharp\"?"),
            (["export", recurrent, "--to", "csharp", "--input", "4,2"], "LSTM \"0\" cannot be written as C#"),
        ];
        foreach (var (arguments, message) in refusals)
        {
            var outcome = Cli.Run(arguments);
            Assert.Equal(ExitCode.Usage, outcome.Code);
            Assert.Contains(message, outcome.Error);
        }
    }

    [Fact]
    public void Train_writes_logs_and_a_trace()
    {
        using var cli = new Cli();
        var outcome = cli.Train("iris", "--epochs", "3", "--batch-size", "8", "--tensorboard", cli.File("board"), "--history", cli.File("h.ndjson"), "--trace", cli.File("t.json"));
        Assert.Equal(ExitCode.Ok, outcome.Code);
        string events = Directory.GetFiles(cli.File("board")).Single();
        Assert.Contains(EventFile.Read(events), value => value is { Tag: "train/loss", Step: 3 });
        Assert.Equal(3, File.ReadAllLines(cli.File("h.ndjson")).Length);
        Assert.NotEmpty(JsonDocument.Parse(File.ReadAllText(cli.File("t.json"))).RootElement.GetProperty("traceEvents").EnumerateArray());
        var wrong = cli.Train("iris", "--history", "h.txt");
        Assert.Equal(ExitCode.Usage, wrong.Code);
        Assert.Contains("--history: the ending says the format, .csv or .ndjson, but is \".txt\"", wrong.Error);
    }
}
