namespace Cajal.Cli.Tests;

/// <summary>Commands on models with a cut or a flipped bit: an answer or one sentence, never a stack trace.</summary>
public class DamagedModelTests
{
    private const int Cuts = 40, Flips = 200;

    [Fact]
    public void A_cut_model_is_refused_by_every_command()
    {
        using var cli = new Cli();
        var (model, commands) = Table(cli);
        byte[] whole = File.ReadAllBytes(model);
        for (int cut = 0; cut < Cuts; cut++)
        {
            int length = (int)((long)whole.Length * cut / Cuts);
            File.WriteAllBytes(model, whole[..length]);
            foreach (string[] command in commands)
            {
                var outcome = Cli.Run(command);
                Assert.Equal(ExitCode.BadFile, outcome.Code);
                Assert.StartsWith($"cajal: {model} is not a safetensors file", outcome.Error);
                OneSentence(outcome, $"{length} bytes, {command[0]}");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flipped_bit_gives_an_answer_or_one_sentence(bool image)
    {
        using var cli = new Cli();
        var (model, commands) = image ? Digits(cli) : Table(cli);
        byte[] whole = File.ReadAllBytes(model);
        int header = 8 + BitConverter.ToInt32(whole);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < Flips; i++)
        {
            byte[] damaged = [.. whole];
            int at = random.Next(header);
            damaged[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(model, damaged);
            foreach (string[] command in commands)
            {
                var outcome = Cli.Run(command);
                Assert.True(outcome.Code is ExitCode.Ok or ExitCode.Usage or ExitCode.BadFile, $"byte {at}, {command[0]}: {outcome.Code} {outcome.Error}");
                if (outcome.Code == ExitCode.Ok) continue;
                OneSentence(outcome, $"byte {at}, {command[0]}");
                refused++;
            }
        }
        Assert.InRange(refused, 1, Flips * commands.Length - 1);
    }

    private static void OneSentence(Outcome outcome, string what)
    {
        string[] lines = outcome.Error.TrimEnd().Split('\n');
        Assert.True(lines.Count(line => line.StartsWith("cajal: ", StringComparison.Ordinal) && !line.Contains("warning", StringComparison.Ordinal)) == 1 && lines[^1].StartsWith("cajal: ", StringComparison.Ordinal), $"{what}: {outcome.Error}");
    }

    private static (string Model, string[][] Commands) Table(Cli cli)
    {
        string table = cli.File("flowers.csv", Samples.Flowers(40));
        string model = cli.Train(table, "--epochs", "1", "--hidden", "4").Event("end").GetProperty("model").GetString()!;
        return (model, [["inspect", model], ["eval", model, table], ["predict", model, table]]);
    }

    private static (string Model, string[][] Commands) Digits(Cli cli)
    {
        string model = cli.Train("digits", "--epochs", "1", "--model", "linear").Event("end").GetProperty("model").GetString()!;
        string page = cli.File("page.png");
        Samples.WritePng(page, new byte[8, 8]);
        return (model, [["inspect", model], ["eval", model], ["predict", model, page]]);
    }
}
