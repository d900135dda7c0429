namespace Cajal.Tests.Data;

public sealed class CsvTests
{
    private static CsvTable Table(string text, CsvOptions? options = null) => CsvTable.Read(new StringReader(text), options, "t.csv");

    private static string Fails(Action action) => Assert.Throws<InvalidDataException>(action).Message;

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n", ',')]
    [InlineData("a;b\r\n1;2\r\n3;4", ';')]
    [InlineData("a\tb\n1\t2\n3\t4\n\n", '\t')]
    [InlineData("a|b\n1|2\n3|4\n", '|')]
    [InlineData("\"a\";\"b\"\n\"1\";2\n3;\"4\"\n", ';')]
    public void DelimiterHeaderAndLineEndsAreFoundOut(string text, char delimiter)
    {
        CsvTable table = Table(text);
        Assert.Equal(delimiter, table.Delimiter);
        Assert.True(table.HasHeader);
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal(["1", "2", "3", "4"], new[] { table[0, 0], table[0, 1], table[1, 0], table[1, 1] });
        Assert.Equal(2, table.RowCount);
    }

    [Fact]
    public void QuotesFollowRfc4180()
    {
        CsvTable table = Table("name,x\n\"a, b\",1\n\"two\nlines\",2\n\"say \"\"hi\"\"\",3\n\"\",4\n");
        Assert.Equal(["a, b", "two\nlines", "say \"hi\"", null], Enumerable.Range(0, 4).Select(r => table[r, 0]));
        Assert.Equal(5, table.LineOf(2)); // the line break inside quotes counts
    }

    [Fact]
    public void TablesWithoutHeaderGetNumberedColumns()
    {
        CsvTable table = Table("1,2,yes\n3,4,no\n");
        Assert.False(table.HasHeader);
        Assert.Equal(["column1", "column2", "column3"], table.Columns);
        Assert.Contains("no header line", Fails(() => table.ToDataset("price")));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "line 3: 1 cells where line 1 has 2")]
    [InlineData("a,b\n1,2\n3,4,5\n", "line 3: 3 cells where line 1 has 2")]
    [InlineData("a,b\n1,\"2\n", "line 2: the quote that opens \"2")]
    [InlineData("a,b\n\"1\"x,2\n", "line 2: 'x' follows the closing quote")]
    [InlineData("", "the file is empty")]
    [InlineData("a,a\n1,2\n", "two columns are called \"a\"")]
    public void BadStructureIsNamedByLine(string text, string message) => Assert.Contains(message, Fails(() => Table(text)));

    [Fact]
    public void BadCellsAreNamedByLineColumnAndText()
    {
        string rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i * 0.5},{i * 1.5}\n"));
        string message = Fails(() => Table("x,y,z\n" + rows + "abc,1,2\n").ToDataset());
        Assert.Contains("t.csv, line 22, column \"x\": 'abc' is not a number", message);
        Assert.Contains("TableOptions.Categorical", message);
        Assert.Contains("line 22, column \"z\": 'abc' is not a number", Fails(() => Table("x,y,z\n" + rows + "1,1,abc\n").ToDataset()));
        Assert.Contains("DecimalMark = ','", Fails(() => Table("x;y;z\n" + rows.Replace(',', ';') + "1,5;1;2\n").ToDataset()));
        Assert.Contains("DecimalMark = '.'", Fails(() => Table("x;y;z\n" + rows.Replace(',', ';').Replace('.', ',') + "1.5;1;2\n").ToDataset()));
        Assert.Contains("line 22, column \"z\": the target is missing", Fails(() => Table("x,y,z\n" + rows + "1,1,\n").ToDataset()));
        Assert.Contains("line 22, column \"x\": the value is missing", Fails(() => Table("x,y,z\n" + rows + ",1,2\n").ToDataset(options: new() { Missing = MissingValues.Error })));
        Assert.Contains("Did you mean \"x\"", Fails(() => Table("x,y,z\n" + rows).ToDataset("X")));
    }

    [Fact]
    public void DecimalCommasAreReadOnRequest() =>
        Assert.Equal([1.5f, -2.25f], Table("x;y\n1,5;0,1\n-2,25;0,7\n", new() { DecimalMark = ',' })
            .ToDataset(options: new() { Standardise = false, Task = LearningTask.Regression }).ToBatch().Inputs.ToArray<float>());

    [Theory]
    [InlineData("x;y\n1,5;0,1\n-2,25;0,7\n", ',')]
    [InlineData("x\ty\n1,5\t3\n-2\t4\n", ',')]
    [InlineData("x;y\n1.5;0.1\n2.25;0.7\n", '.')]
    [InlineData("x;y\n1;2\n3;4\n", '.')]
    [InlineData("x;y\n1,500;2\n3,250;4\n", '.')] // thousands, perhaps: not for us to guess
    [InlineData("x;y\n0,500;2\n3,250;4\n", ',')]
    [InlineData("x,y\n\"1,5\",2\n\"3,5\",4\n", '.')]
    public void TheDecimalMarkIsFoundOut(string text, char mark) => Assert.Equal(mark, Table(text).DecimalMark);

    // Three wrong cells of twelve make no column of twelve categories.
    [Fact]
    public void AColumnThatIsMostlyNumbersIsAColumnOfNumbers()
    {
        string Rows(string[] wrong) => string.Concat(Enumerable.Range(0, 12).Select(i => i < wrong.Length ? $"{i}.5,{wrong[i]},{i}.25\n" : $"{i}.5,{i}.75,{i}.25\n"));
        Assert.Contains("line 2, column \"b\": 'x' is not a number", Fails(() => Table("a,b,c\n" + Rows(["x", "y", "z"])).ToDataset("c")));
        Assert.Contains("line 2, column \"b\": 'x' is not a number", Fails(() => Table("a,b,c\n" + Rows(["x", "y", "z"])).ToDataset("b")));
        Assert.Equal(13, Table("a,b,c\n" + Rows(["x", "y", "z"])).ToDataset("c", new() { Categorical = ["b"] }).InputShape[0]);
        Assert.Equal(8, Table("a,b,c\n" + Rows(["x", "x", "x", "z", "z", "x"])).ToDataset("c", new() { Exclude = ["a"] }).InputShape[0]);
        Assert.Contains("is 7 in every row", Fails(() => Table("a,y\n1,7\n2,7\n3,7.0\n").ToDataset()));
    }

    [Fact]
    public void BytesThatAreNoUtf8AreLatin1AndZeroBytesNoText()
    {
        using var scratch = new Scratch();
        File.WriteAllBytes(scratch["latin.csv"], [.. "gr"u8, 0xf6, 0xdf, .. "e,y\n1,0.5\n2,0.7\n"u8]);
        Assert.Equal(["größe", "y"], CsvTable.Read(scratch["latin.csv"]).Columns);
        File.WriteAllBytes(scratch["utf16.csv"], [0xff, 0xfe, .. System.Text.Encoding.Unicode.GetBytes("größe,y\n1,0.5\n")]);
        Assert.Equal(["größe", "y"], CsvTable.Read(scratch["utf16.csv"]).Columns);
        File.WriteAllBytes(scratch["binary.csv"], [0, 1, 2, 10, 44, 44, 10]);
        Assert.Contains("binary.csv: this is no text table", Fails(() => CsvTable.Read(scratch["binary.csv"])));
    }

    [Theory]
    [InlineData("a|b|a|b", LearningTask.Classification)]
    [InlineData("0|1|1|0", LearningTask.Classification)]
    [InlineData("true|false|true|true", LearningTask.Classification)]
    [InlineData("1|2|3|4", LearningTask.Regression)]
    [InlineData("0.5|1|0.5|1", LearningTask.Regression)]
    public void TaskFollowsFromTheTarget(string targets, LearningTask task) =>
        Assert.Equal(task, Table("x,y\n" + string.Concat(targets.Split('|').Select((t, i) => $"{i}.5,{t}\n"))).ToDataset("y").Task);

    [Fact]
    public void ClassesAreOrderedByValueAndOneIsOnePointZero()
    {
        Dataset data = Table("x,y\n1,10\n2,2\n3,2.0\n4,10\n").ToDataset("y", new() { Task = LearningTask.Classification });
        Assert.Equal(["2", "10"], data.Classes!);
        Assert.Equal([1, 0, 0, 1], data.Labels.ToArray());
    }

    [Theory]
    [InlineData(MissingValues.Mean, 3f)]
    [InlineData(MissingValues.Median, 2f)]
    [InlineData(MissingValues.MostFrequent, 1f)]
    public void MissingNumbersAreFilled(MissingValues missing, float fill)
    {
        Dataset data = Table("x,y\n1,0.5\n1,1.5\n3,2.5\n7,3.5\nNA,4.5\n").ToDataset("y", new() { Missing = missing, Standardise = false });
        Assert.Equal([1, 1, 3, 7, fill], data.ToBatch().Inputs.ToArray<float>());
    }

    [Fact]
    public void RowsWithMissingValuesCanBeDropped()
    {
        Dataset data = Table("x,c,y\n1,a,0.5\n?,b,1.5\n3,,2.5\n7,a,\n9,b,5.5\n").ToDataset("y", new() { Missing = MissingValues.DropRow, Standardise = false });
        Assert.Equal([1f, 1, 0, 9, 0, 1], data.ToBatch().Inputs.ToArray<float>());
        Assert.Equal(["x", "c=a", "c=b"], data.FeatureNames!);
    }

    [Fact]
    public void IdentifiersAreRefusedAndColumnsChosen()
    {
        string text = "id,x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"name{i},{i},{i * 0.7}\n"));
        Assert.Contains("column \"id\" holds 40 different texts", Fails(() => Table(text).ToDataset("y")));
        Assert.Equal([40, 1], Table(text).ToDataset("y", new() { Exclude = ["id"] }).ToBatch().Inputs.Shape.ToArray());
        Assert.Equal([40, 1], Table(text).ToDataset("y", new() { Columns = ["x"] }).ToBatch().Inputs.Shape.ToArray());
        Assert.Equal([40, 40], Table(text).ToDataset("y", new() { Columns = ["id"], Categorical = ["id"] }).ToBatch().Inputs.Shape.ToArray());
    }

    [Fact]
    public void SplitFitsOnTheTrainingRowsOnly()
    {
        string text = "x,y\n" + string.Concat(Enumerable.Range(0, 100).Select(i => FormattableString.Invariant($"{i * i},{i * 0.7}\n")));
        (Dataset train, Dataset test, TablePreprocessor preprocessor) = Table(text).Split("y", 0.7, seed: 1);
        Assert.Equal((70, 30), (train.Count, test.Count));
        float[] inputs = train.ToBatch().Inputs.ToArray<float>();
        Assert.Equal(0, inputs.Average(v => (double)v), 1e-5);
        Assert.Equal(1, inputs.Average(v => (double)v * v), 1e-5);
        Assert.True(Math.Abs(test.ToBatch().Inputs.ToArray<float>().Average(v => (double)v)) > 1e-3);
        double[] raw = [.. inputs.Select(v => v * preprocessor.Columns[0].StandardDeviation + preprocessor.Columns[0].Mean)];
        Assert.All(raw, v => Assert.Equal(Math.Round(Math.Sqrt(v)), Math.Sqrt(Math.Abs(v)), 0.02));
    }

    [Fact]
    public void PreprocessorSurvivesJsonAndTreatsNewFilesAlike()
    {
        CsvTable table = Table("age,city,y\n31,Rome,a\n45,Bonn,b\n,Rome,a\n60,,b\n");
        TablePreprocessor first = TablePreprocessor.Fit(table, "y"), second = TablePreprocessor.FromJson(first.ToJson());
        Assert.Equal(first.Encode(table).ToArray<float>(), second.Encode(table).ToArray<float>());
        Assert.Equal(first.ToJson(), second.ToJson());
        Assert.Equal(["a", "b"], second.Classes!);
        CsvTable fresh = Table("city,age\nBonn,45\n");
        Assert.Equal(first.Encode(table).ToArray<float>()[3..6], second.Encode(fresh).ToArray<float>());
        Assert.Contains("'Oslo' was not among the categories fitted (Bonn, Rome)", Fails(() => second.Encode(Table("city,age\nOslo,45\n"))));
        Assert.Contains("there is no column \"age\"", Fails(() => second.Encode(Table("city,x\nBonn,45\n"))));
        Assert.Contains("damaged", Fails(() => TablePreprocessor.FromJson("{\"version\":1}")));
        Assert.Contains("not JSON", Fails(() => TablePreprocessor.FromJson("{")));
        Assert.Contains("format 99", Fails(() => TablePreprocessor.FromJson("{\"version\":99}")));
    }
}
