namespace Cajal.Cli.Tests;

public class ErrorTests
{
    [Theory]
    [InlineData("trian digits", "there is no command \"trian\"; did you mean \"train\"? See: cajal --help")]
    [InlineData("data lst", "there is no command \"lst\"; did you mean \"list\"? See: cajal data --help")]
    [InlineData("train digits --epoch 5", "there is no option \"--epoch\"; did you mean \"--epochs\"? See: cajal train --help")]
    [InlineData("train --epoch 5 digits", "there is no option \"--epoch\"; did you mean \"--epochs\"? See: cajal train --help")]
    [InlineData("train digits --xyzzy", "there is no option \"--xyzzy\". See: cajal train --help")]
    [InlineData("train digts", "there is no data set or CSV file \"digts\"; did you mean \"digits\"? See: cajal list")]
    [InlineData("train", "say what to train on: a data set (see: cajal list) or a CSV file. For example: cajal train digits")]
    [InlineData("train digits iris", "\"iris\" is one word too many. See: cajal train --help")]
    [InlineData("train digits --epochs", "--epochs needs a value. See: cajal train --help")]
    [InlineData("train digits --epochs abc", "--epochs must be a whole number from 1 up, but is \"abc\".")]
    [InlineData("train digits --epochs 0", "--epochs must be a whole number from 1 up, but is \"0\".")]
    [InlineData("train digits --lr -1", "--lr must be a number above 0 up, but is \"-1\".")]
    [InlineData("train digits --lr 0,1", "--lr must be a number above 0 up, but is \"0,1\".")]
    [InlineData("train digits --model mlp --dropout 1", "--dropout must be a number from 0 to 0.95, but is \"1\".")]
    [InlineData("train digits --model cmn", "--model must be one of linear, mlp, lenet5, cnn, but is \"cmn\"; did you mean \"cnn\"?")]
    [InlineData("train digits --hidden 3,x", "--hidden must be widths such as 64,32 (\"\" for no hidden layer), but is \"3,x\".")]
    [InlineData("train digits --model lenet5", "--model lenet5 needs images of 12 x 12 pixels or more, but digits has 8 x 8; use cnn.")]
    [InlineData("train iris --model cnn", "--model cnn is for images, but iris has 4 columns; use linear or mlp.")]
    [InlineData("train iris --model linear --hidden 3", "--hidden is for --model mlp, not linear.")]
    [InlineData("train iris --target species", "--target is for CSV files, not for the data set iris.")]
    [InlineData("train iris --require test_acuracy=1", "--require: there is no figure \"test_acuracy\" here; did you mean \"test_accuracy\"? Figures: test_accuracy, test_error, test_loss, train_loss, seconds.")]
    [InlineData("train iris --require test_accuracy", "--require takes METRIC=VALUE, such as test_accuracy=0.985, but is \"test_accuracy\".")]
    [InlineData("predict", "say which model and which file: cajal predict MODEL FILE")]
    [InlineData("data get", "say which data set; see: cajal data list")]
    public void Wrong_commands_get_one_sentence_and_exit_code_2(string line, string message)
    {
        var outcome = Cli.Run(line.Split(' '));
        Assert.Equal($"cajal: {message}\n", outcome.Error);
        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public void With_json_an_error_is_an_object_too()
    {
        var outcome = Cli.Run("train", "digts", "--json");
        var error = outcome.Event("error");
        Assert.Equal(ExitCode.Usage, error.GetProperty("exit_code").GetInt32());
        Assert.StartsWith("there is no data set", error.GetProperty("message").GetString());
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_with_its_neighbour()
    {
        using var cli = new Cli();
        cli.File("flowers.csv", Samples.Flowers(30));
        var outcome = Cli.Run("train", Path.Combine(cli.Folder, "flower.csv"));
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Equal($"cajal: there is no file {Path.Combine(cli.Folder, "flower.csv")}; did you mean \"flowers.csv\"?\n", outcome.Error);
    }

    [Fact]
    public void A_damaged_model_is_one_sentence()
    {
        using var cli = new Cli();
        string model = cli.Train("iris", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        byte[] whole = File.ReadAllBytes(model);
        File.WriteAllBytes(model, whole[..^10]);
        var outcome = Cli.Run("eval", model);
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Contains("it is cut short or damaged", outcome.Error);
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_checkpoint_is_not_taken_for_a_model()
    {
        using var cli = new Cli();
        string checkpoint = cli.Train("iris", "--epochs", "1").Event("end").GetProperty("checkpoint").GetString()!;
        var outcome = Cli.Run("eval", checkpoint);
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Contains("is a checkpoint of unfinished training: go on with cajal train ... --resume", outcome.Error);
    }

    [Fact]
    public void Divergence_exits_with_4_and_says_what_may_help()
    {
        using var cli = new Cli();
        var outcome = cli.Train("digits", "--model", "mlp", "--optimizer", "sgd", "--lr", "1e30", "--epochs", "2");
        Assert.Equal(ExitCode.Diverged, outcome.Code);
        Assert.Contains("Try a smaller learning rate", outcome.Event("error").GetProperty("message").GetString());
    }
}
