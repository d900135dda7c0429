using System.Globalization;

namespace Cajal.Cli.Tests;

public class TableTests
{
    [Fact]
    public void Classes_go_through_train_eval_and_predict()
    {
        using var cli = new Cli();
        string table = cli.File("flowers.csv", Samples.Flowers(150));
        var end = cli.Train(table, "--target", "species").Event("end");
        Assert.Equal(1, end.GetProperty("test_accuracy").GetDouble());
        string model = end.GetProperty("model").GetString()!;

        var measured = Cli.Run("eval", model, table, "--json");
        Assert.Equal("flowers.csv is the file it was trained on: the 30 rows that were held out are measured\n", measured.Error);
        Assert.Equal(end.GetProperty("test_loss").GetDouble(), measured.Event("end").GetProperty("test_loss").GetDouble());

        // Other columns' order, and no target: what the model needs it finds by name.
        string fresh = cli.File("new.csv", "colour,length,width\nred,4.6,1.5\nwhite,2.1,1.2\nred,7.1,1.9\n");
        var predicted = Cli.Run("predict", model, fresh);
        Assert.Equal("row,prediction,probability", predicted.Lines[0]);
        Assert.Equal(["1,rose", "2,lily", "3,tulip"], predicted.Lines[1..].Select(line => line[..line.LastIndexOf(',')]));
        var json = Cli.Run("predict", model, fresh, "--json").Json;
        Assert.Equal("rose", json[0].GetProperty("prediction").GetString());
        Assert.Equal(1, json[0].GetProperty("probabilities").EnumerateObject().Sum(one => one.Value.GetDouble()), 1e-6);
    }

    [Fact]
    public void Another_table_is_measured_whole()
    {
        using var cli = new Cli();
        string model = cli.Train(cli.File("flowers.csv", Samples.Flowers(150))).Event("end").GetProperty("model").GetString()!;
        var outcome = Cli.Run("eval", model, cli.File("more.csv", Samples.Flowers(60)));
        Assert.Contains("all 60 rows of more.csv are measured", outcome.Error);
        Assert.Contains("test accuracy  100.00 %   60 of 60 right", outcome.Output);
    }

    [Fact]
    public void Numbers_go_through_train_eval_and_predict()
    {
        using var cli = new Cli();
        string table = cli.File("houses.csv", Samples.Houses(200));
        var end = cli.Train(table, "--model", "linear", "--epochs", "100", "--lr", "0.05").Event("end");
        Assert.InRange(end.GetProperty("test_r2").GetDouble(), 0.999, 1);
        string model = end.GetProperty("model").GetString()!;
        Assert.Equal(end.GetProperty("test_rmse").GetDouble(), Cli.Run("eval", model, table, "--json").Event("end").GetProperty("test_rmse").GetDouble());
        var predicted = Cli.Run("predict", model, cli.File("new.csv", "area;rooms\n100;2\n150;4\n"));
        Assert.Equal("row,prediction", predicted.Lines[0]);
        double[] prices = [.. predicted.Lines[1..].Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        Assert.Equal(340, prices[0], 5.0);
        Assert.Equal(530, prices[1], 5.0);
    }

    [Fact]
    public void Built_in_tables_predict_by_the_names_of_their_columns()
    {
        using var cli = new Cli();
        string model = cli.Train("iris", "--epochs", "50").Event("end").GetProperty("model").GetString()!;
        var predicted = Cli.Run("predict", model, cli.File("one.csv", "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n"));
        Assert.StartsWith("1,setosa,", predicted.Lines[1]);
        Assert.StartsWith("2,virginica,", predicted.Lines[2]);
        var missing = Cli.Run("predict", model, cli.File("two.csv", "sepal length (cm),sepal widht (cm),petal length (cm),petal width (cm)\n5.1,3.5,1.4,0.2\n"));
        Assert.Equal(ExitCode.BadFile, missing.Code);
        Assert.Contains("there is no column \"sepal width (cm)\"", missing.Error);
        Assert.Contains("Did you mean \"sepal widht (cm)\"?", missing.Error);
    }

    [Fact]
    public void A_target_that_is_not_there_is_a_usage_error_with_the_nearest_name()
    {
        using var cli = new Cli();
        var outcome = Cli.Run("train", cli.File("flowers.csv", Samples.Flowers(60)), "--target", "specis", "--out", cli.Folder);
        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Equal("cajal: --target: flowers.csv has no column \"specis\"; did you mean \"species\"? Its columns are length, width, colour, species.\n", outcome.Error);
    }

    [Fact]
    public void A_wrong_cell_is_named_by_file_line_and_column()
    {
        using var cli = new Cli();
        string[] lines = Samples.Flowers(60).Split('\n');
        lines[9] = "long,1.2,red,rose";
        var outcome = cli.Train(cli.File("flowers.csv", string.Join('\n', lines)));
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Equal("flowers.csv, line 10, column \"length\": 'long' is not a number. Correct the cell, leave it blank or write NA, or declare the column with --categories.",
            outcome.Event("error").GetProperty("message").GetString());
    }

    [Fact]
    public void A_row_with_a_cell_too_few_is_named()
    {
        using var cli = new Cli();
        string[] lines = Samples.Flowers(60).Split('\n');
        lines[4] = "4.5,red,rose";
        var outcome = cli.Train(cli.File("flowers.csv", string.Join('\n', lines)));
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Contains("flowers.csv, line 5: 3 cells where line 1 has 4", outcome.Event("error").GetProperty("message").GetString());
    }

    [Fact]
    public void An_identifier_is_no_input_and_the_message_names_the_option()
    {
        using var cli = new Cli();
        string text = string.Join('\n', Samples.Flowers(60).TrimEnd().Split('\n').Select((line, i) => i == 0 ? "name," + line : $"flower{i},{line}"));
        string table = cli.File("flowers.csv", text);
        var outcome = cli.Train(table);
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.EndsWith("an identifier, not a category. Leave it out (--ignore COLUMN) or declare it with --categories COLUMN.", outcome.Event("error").GetProperty("message").GetString());
        Assert.Equal(ExitCode.Ok, cli.Train(table, "--ignore", "name", "--epochs", "1").Code);
    }

    [Fact]
    public void Too_few_rows_are_refused_and_few_are_remarked_on()
    {
        using var cli = new Cli();
        var refused = cli.Train(cli.File("tiny.csv", Samples.Flowers(9)));
        Assert.Equal(ExitCode.BadFile, refused.Code);
        Assert.Equal("tiny.csv has 9 rows; at least 10 are needed, because a fifth is held out for measuring.", refused.Event("error").GetProperty("message").GetString());
        var few = cli.Train(cli.File("few.csv", Samples.Flowers(18)), "--epochs", "1");
        Assert.Equal(ExitCode.Ok, few.Code);
        Assert.Contains("warning: few.csv has only 18 rows; held-out figures from so few say little.", few.Error);
    }

    [Fact]
    public void A_class_per_row_is_refused()
    {
        using var cli = new Cli();
        string text = "a,b,name\n" + string.Join('\n', Enumerable.Range(0, 18).Select(i => $"{i % 4},{i % 5},n{i}"));
        var outcome = cli.Train(cli.File("names.csv", text));
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Equal("names.csv: the target \"name\" has 18 different values in 18 rows; a class needs several rows. Is it an identifier?", outcome.Event("error").GetProperty("message").GetString());
    }

    [Fact]
    public void A_column_that_counts_the_rows_is_remarked_on()
    {
        using var cli = new Cli();
        string text = string.Join('\n', Samples.Flowers(60).TrimEnd().Split('\n').Select((line, i) => i == 0 ? "id," + line : $"{i},{line}"));
        Assert.Contains("warning: column \"id\" only counts the rows; leave it out with --ignore id", cli.Train(cli.File("flowers.csv", text), "--epochs", "1").Error);
    }

    [Fact]
    public void What_was_made_of_the_columns_is_said()
    {
        using var cli = new Cli();
        string flowers = cli.File("flowers.csv", Samples.Flowers(60)), houses = cli.File("houses.csv", Samples.Houses(60));
        Assert.Contains("predicting species, one of lily, rose, tulip, from length, width, colour (2 categories)\n", Cli.Run("train", flowers, "--target", "species", "--dry-run").Error);
        Assert.Contains("predicting price (the last column; --target COLUMN chooses another), a number, from area, rooms\n", Cli.Run("train", houses, "--dry-run").Error);
        Assert.Contains("predicting rooms, one of 1, 2, 3, 4, 5, 6 (--task number takes it for a number), from area, price\n", Cli.Run("train", houses, "--target", "rooms", "--dry-run").Error);
        Assert.Contains("predicting rooms, a number, from area, price\n", Cli.Run("train", houses, "--target", "rooms", "--task", "number", "--dry-run").Error);
        Assert.Equal(ExitCode.Usage, Cli.Run("train", "iris", "--task", "number").Code);
    }

    [Fact]
    public void Models_of_two_targets_have_two_files()
    {
        using var cli = new Cli();
        string table = cli.File("my flowers.csv", Samples.Flowers(60));
        string species = cli.Train(table, "--target", "species", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        string colour = cli.Train(table, "--target", "colour", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        Assert.Equal(("my flowers-species-mlp-1.safetensors", "my flowers-colour-mlp-1.safetensors"), (Path.GetFileName(species), Path.GetFileName(colour)));
        Assert.Equal(ExitCode.Ok, Cli.Run("eval", species, table).Code);
        var wrong = cli.Train(table, "--target", "colour", "--epochs", "2", "--resume", Path.ChangeExtension(species, ".checkpoint"));
        Assert.Equal(ExitCode.Usage, wrong.Code);
        Assert.Contains("was made with target \"species\", but now target is \"colour\"", wrong.Error);
    }

    // Semicolons between cells and commas in numbers, as spreadsheets write them in much of Europe.
    [Fact]
    public void Decimal_commas_are_understood()
    {
        using var cli = new Cli();
        string point = cli.File("point.csv", Samples.Houses(100)), comma = cli.File("comma.csv", Samples.Houses(100).Replace('.', ','));
        var (first, second) = (cli.Train(point, "--epochs", "3"), cli.Train(comma, "--epochs", "3"));
        Assert.Contains("; the comma is read as decimal mark\n", second.Error);
        Assert.Equal(first.Event("end").GetProperty("test_rmse").GetDouble(), second.Event("end").GetProperty("test_rmse").GetDouble());
        Assert.Equal(ExitCode.Ok, Cli.Run("predict", second.Event("end").GetProperty("model").GetString()!, cli.File("new.csv", "area;rooms\n100,5;2\n")).Code);
    }

    [Fact]
    public void A_table_without_delimiter_says_what_divides_columns()
    {
        using var cli = new Cli();
        var outcome = Cli.Run("train", cli.File("spaced.csv", "a b y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i} {i * 2} {i * 3}\n"))), "--target", "y");
        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.EndsWith("its columns are a b y. Columns are divided by commas, semicolons, tabs or |.\n", outcome.Error);
    }

    [Fact]
    public void An_image_model_refuses_a_table_and_the_other_way_round()
    {
        using var cli = new Cli();
        string images = cli.Train("digits", "--model", "linear", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        string rows = cli.Train("iris", "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        var first = Cli.Run("predict", images, cli.File("a.csv", "x\n1\n"));
        Assert.Equal((ExitCode.Usage, $"cajal: {images} has learned from images (digits); {cli.File("a.csv")} is a table.\n"), (first.Code, first.Error));
        var second = Cli.Run("predict", rows, cli.File("a.png"));
        Assert.Equal((ExitCode.Usage, $"cajal: {rows} has learned from a table (iris); give a CSV file, not {cli.File("a.png")}.\n"), (second.Code, second.Error));
    }
}
