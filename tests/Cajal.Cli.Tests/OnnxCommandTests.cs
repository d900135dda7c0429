using System.Text;
using System.Text.Json;

namespace Cajal.Cli.Tests;

/// <summary>onnx check, quantize and export --to onnx.</summary>
public class OnnxCommandTests
{
    private static readonly Tensor Input = Tensor.From([0.5f, -1, 2], 1, 3);

    /// <summary>A case as ONNX stores it: the tangent, with one more or less on the expected output.</summary>
    private static string Case(Cli cli, string name, float error = 0, string? otherOperator = null)
    {
        string folder = cli.File(name), set = Path.Combine(folder, "test_data_set_0");
        Directory.CreateDirectory(set);
        string model = Path.Combine(folder, "model.onnx");
        OnnxExporter.Save(new Tanh(), Input, model);
        if (otherOperator is not null) File.WriteAllBytes(model, Replaced(File.ReadAllBytes(model), "Tanh", otherOperator));
        File.WriteAllBytes(Path.Combine(set, "input_0.pb"), TensorMessage("input", Input));
        File.WriteAllBytes(Path.Combine(set, "output_0.pb"), TensorMessage("output", Input.Tanh() + error));
        return model;
    }

    private static byte[] Replaced(byte[] bytes, string from, string to) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(from, to, StringComparison.Ordinal));

    /// <summary>ONNX's TensorProto: dims (1), data_type (2, 1 is float), name (8), raw_data (9).</summary>
    private static byte[] TensorMessage(string name, Tensor x)
    {
        byte[] raw = [.. x.ToArray<float>().SelectMany(BitConverter.GetBytes)];
        return [.. x.Shape.ToArray().SelectMany(length => new byte[] { 0x08, (byte)length }), 0x10, 1, 0x42, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0x4A, (byte)raw.Length, .. raw];
    }

    [Fact]
    public void Check_counts_what_passed_failed_and_is_not_supported()
    {
        using var cli = new Cli();
        Case(cli, "cases/good");
        var passed = Cli.Run("onnx", "check", cli.File("cases"));
        Assert.Equal((ExitCode.Ok, "1 passed, 0 failed, 0 not supported, of 1 cases\n"), (passed.Code, passed.Output));
        Case(cli, "cases/strange", otherOperator: "Tahn");
        var strange = Cli.Run("onnx", "check", cli.File("cases"));
        Assert.Equal(ExitCode.Ok, strange.Code);
        Assert.Matches(@"^not supported strange: .*Tahn.*did you mean ""Tanh""\?.*\n1 passed, 0 failed, 1 not supported, of 2 cases\n$", strange.Output);
        Case(cli, "cases/wrong", error: 0.01f);
        File.WriteAllBytes(Case(cli, "cases/cut"), [8, 8, 18]);
        var outcome = Cli.Run("onnx", "check", cli.File("cases"), "--json");
        Assert.Equal(ExitCode.Missed, outcome.Code);
        Assert.Equal(["cut failed", "good passed", "strange not_supported", "wrong failed"], outcome.Json.SkipLast(1).Select(line => $"{line.GetProperty("name").GetString()} {line.GetProperty("result").GetString()}"));
        Assert.All(outcome.Json.SkipLast(1), line => Assert.Equal(line.GetProperty("result").GetString() != "passed", line.TryGetProperty("reason", out _)));
        var end = outcome.Event("end");
        Assert.Equal((4, 1, 2, 1), (end.GetProperty("cases").GetInt32(), end.GetProperty("passed").GetInt32(), end.GetProperty("failed").GetInt32(), end.GetProperty("not_supported").GetInt32()));
    }

    [Fact]
    public void Check_says_what_is_missing()
    {
        using var cli = new Cli();
        foreach (var (arguments, code, message) in new (string[], int, string)[]
        {
            (["onnx"], ExitCode.Usage, "say which command: cajal onnx check. See: cajal onnx --help"),
            (["onnx", "check"], ExitCode.Usage, "say which folder: cajal onnx check DIR"),
            (["onnx", "chekc", "."], ExitCode.Usage, "there is no command \"chekc\"; did you mean \"check\"? See: cajal onnx --help"),
            (["onnx", "check", cli.File("none")], ExitCode.BadFile, $"there is no folder {cli.File("none")}."),
            (["onnx", "check", cli.Folder], ExitCode.BadFile, $"there is no model.onnx below {cli.Folder}."),
        })
        {
            var outcome = Cli.Run(arguments);
            Assert.Equal((code, $"cajal: {message}\n"), (outcome.Code, outcome.Error));
        }
        Assert.Equal(ExitCode.BadFile, Cli.Run("onnx", "check", cli.Folder, "--json").Event("error").GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public void An_exported_network_is_measured_like_the_original_and_quantised()
    {
        using var cli = new Cli();
        var trained = cli.Train("digits", "--model", "mlp", "--hidden", "32", "--epochs", "3").Event("end");
        string model = trained.GetProperty("model").GetString()!;
        double accuracy = trained.GetProperty("test_accuracy").GetDouble();
        var exported = Cli.Run("export", model, "--to", "onnx", "--json");
        Assert.Equal((ExitCode.Ok, "onnx"), (exported.Code, exported.Event("end").GetProperty("format").GetString()));
        string onnx = exported.Event("end").GetProperty("files")[0].GetString()!;
        Assert.Equal(cli.File("digits-mlp-1.onnx"), onnx);
        Assert.Equal(accuracy, Cli.Run("eval", onnx, "--json").Event("end").GetProperty("test_accuracy").GetDouble());

        foreach (string source in new[] { model, onnx })
        {
            var outcome = Cli.Run("quantize", source, "--json");
            Assert.Equal(ExitCode.Ok, outcome.Code);
            var end = outcome.Event("end");
            string small = end.GetProperty("model").GetString()!;
            Assert.Equal(cli.File("digits-mlp-1.int8.onnx"), small);
            Assert.Equal(accuracy, end.GetProperty("float_test_accuracy").GetDouble());
            Assert.InRange(end.GetProperty("int8_test_accuracy").GetDouble(), accuracy - 0.03, accuracy + 0.03);
            foreach (string name in new[] { "float_ms_1", "int8_ms_1", "float_ms_64", "int8_ms_64" }) Assert.True(end.GetProperty(name).GetDouble() > 0, name);
            Assert.Equal((new FileInfo(small).Length, true), (end.GetProperty("int8_bytes").GetInt64(), end.GetProperty("float_bytes").GetInt64() >= 4 * (64 * 32 + 32 + 32 * 10 + 10)));
            Assert.Equal(end.GetProperty("int8_test_accuracy").GetDouble(), Cli.Run("eval", small, "--json").Event("end").GetProperty("test_accuracy").GetDouble());
        }
        var text = Cli.Run("quantize", model, "--out", cli.File("s.onnx"), "--samples", "40");
        Assert.Equal(ExitCode.Ok, text.Code);
        Assert.Matches(@"^ +float32 +int8\n +test accuracy +0\.\d+ +0\.\d+\n +ms, one sample .*\n +ms, 64 samples .*\n +bytes +[\d,]+ +[\d,]+\n.*s\.onnx\n$", text.Output);
    }

    [Fact]
    public void An_exported_network_predicts_what_the_original_does()
    {
        using var cli = new Cli();
        string table = cli.File("flowers.csv", Samples.Flowers(40)), page = cli.File("page.png");
        Samples.WritePng(page, Samples.Page(Datasets.Digits()[0].Input, 1, 0, 0, 255));
        foreach (var (model, file) in new[] { (cli.Train(table, "--epochs", "20"), table), (cli.Train("digits", "--model", "linear", "--epochs", "2"), page) })
        {
            string saved = model.Event("end").GetProperty("model").GetString()!, onnx = cli.File("m.onnx");
            Assert.Equal(ExitCode.Ok, Cli.Run("export", saved, "--to", "onnx", "--out", onnx).Code);
            Outcome expected = Cli.Run("predict", saved, file, "--json"), actual = Cli.Run("predict", onnx, file, "--json");
            Assert.Equal(ExitCode.Ok, actual.Code);
            Assert.NotEmpty(actual.Json);
            Assert.Equal(expected.Json.Select(Answer), actual.Json.Select(Answer));
        }

        static (string?, double) Answer(JsonElement line) => (line.GetProperty("prediction").GetString(), Math.Round(line.GetProperty("probability").GetDouble(), 4));
    }

    [Fact]
    public void What_is_wrong_with_a_model_or_a_place_is_one_sentence_and_the_old_file_stays()
    {
        using var cli = new Cli();
        string model = cli.Train("iris", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        string flowers = cli.Train(cli.File("flowers.csv", Samples.Flowers(40)), "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        string plain = cli.File("plain.safetensors"), cut = cli.File("cut.safetensors"), old = cli.File("old.onnx", "old");
        new Sequential(new Linear(3, 4)).Save(plain);
        File.WriteAllBytes(cut, File.ReadAllBytes(model)[..^20]);
        foreach (var (arguments, code, message) in new (string[], int, string)[]
        {
            (["quantize"], ExitCode.Usage, "say which model: cajal quantize MODEL"),
            (["quantize", model, "--samples", "0"], ExitCode.Usage, "--samples must be a whole number from 1 up"),
            (["quantize", flowers, "--out", old], ExitCode.Usage, "networks of tables are too small to gain by 8 bits"),
            (["quantize", plain, "--out", old], ExitCode.BadFile, "does not say what it was trained on"),
            (["quantize", cut, "--out", old], ExitCode.BadFile, "cut.safetensors is not a safetensors file"),
            (["quantize", cli.File("none.safetensors")], ExitCode.BadFile, "there is no file"),
            (["quantize", model, "--out", cli.Folder], ExitCode.BadFile, "cannot be written: it is a folder"),
            (["export", plain, "--to", "onnx", "--out", old], ExitCode.Usage, "does not say what its inputs look like"),
            (["export", plain, "--to", "onnx", "--input", "5", "--out", old], ExitCode.Usage, "cannot be written as onnx: Linear"),
            (["export", cut, "--to", "onnx", "--out", old], ExitCode.BadFile, "cut.safetensors is not a safetensors file"),
            (["export", model, "--to", "onnx", "--out", cli.File("none/x.onnx")], ExitCode.BadFile, "cannot be written: the folder"),
        })
        {
            var outcome = Cli.Run(arguments);
            Assert.Equal(code, outcome.Code);
            string sentence = Assert.Single(outcome.Error.TrimEnd().Split('\n'));
            Assert.StartsWith("cajal: ", sentence);
            Assert.Contains(message, sentence);
        }
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Empty(Directory.GetFiles(cli.Folder, "*.tmp"));
    }

    [Fact]
    public void Diff_shows_how_graphs_differ()
    {
        using var cli = new Cli();
        OnnxExporter.Save(new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2)), Input, cli.File("a.onnx"));
        OnnxExporter.Save(new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 2)), Input, cli.File("b.onnx"));
        Assert.Contains("- Tanh\n+ Relu\n", Cli.Run("diff", cli.File("a.onnx"), cli.File("b.onnx")).Output);
        Assert.Matches(@"\n  Gemm +2\n  Relu +1\n", Cli.Run("inspect", cli.File("b.onnx")).Output);
        Assert.Equal((ExitCode.Ok, "4 of 4 tensors are equal\n"), Cli.Run("diff", cli.File("a.onnx"), cli.File("a.onnx"), "--tolerance", "0") is var same ? (same.Code, same.Output) : default);
    }
}
