using System.Globalization;
using Spectre.Console;

namespace Cajal.Cli;

/// <summary>Prints how well a network does: one line of figures and, for classes, the confusion matrix.</summary>
internal static class EvaluationReport
{
    private const int MostClasses = 12;

    internal static void Print(Evaluation result, Dataset data)
    {
        Console.WriteLine(result.Accuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $"test accuracy {accuracy:P2}  loss {result.Loss:F4}  ({result.Count:N0} samples)")
            : string.Create(CultureInfo.InvariantCulture, $"test R2 {result.R2:F4}  RMSE {result.Rmse:F4}  ({result.Count:N0} samples)"));
        if (result.Confusion is not { } confusion || confusion.GetLength(0) > MostClasses) return;
        var table = new Table { Border = TableBorder.Simple, Title = new("rows: what it is, columns: what it was taken for") };
        table.AddColumn("");
        foreach (string name in data.Classes!) table.AddColumn(new Spectre.Console.TableColumn(Markup.Escape(name)).RightAligned());
        for (int row = 0; row < confusion.GetLength(0); row++)
        {
            var cells = new List<string> { Markup.Escape(data.Classes![row]) };
            for (int column = 0; column < confusion.GetLength(1); column++) cells.Add(confusion[row, column] == 0 ? "·" : confusion[row, column].ToString(CultureInfo.InvariantCulture));
            table.AddRow([.. cells]);
        }
        AnsiConsole.Write(table);
    }
}
