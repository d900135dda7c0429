using System.Globalization;
using System.Text;

namespace Cajal;

public sealed partial class Summary
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>The table, with totals below it.</summary>
    public override string ToString()
    {
        string[][] table =
        [
            ["layer", "type", "output", "parameters", "MACs"],
            .. Rows.Select(row => new[]
            {
                row.Path.Length > 0 ? row.Path : "(network)", row.Type, row.Output is { } output ? $"{output}{(row.Calls > 1 ? $" x{row.Calls}" : "")}" : "-", Count(row.Parameters), Count(row.Macs),
            }),
            ["total", "", "", Number(Parameters), Number(Macs)],
        ];
        int[] widths = [.. Enumerable.Range(0, table[0].Length).Select(column => table.Max(row => row[column].Length))];
        var text = new StringBuilder();
        for (int i = 0; i < table.Length; i++)
        {
            if (i == 1 || i == table.Length - 1) text.Append('-', widths.Sum() + 2 * (widths.Length - 1)).Append('\n');
            // Names to the left, numbers to the right.
            var cells = table[i].Select((cell, column) => column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
        text.Append($"input {Input}, {Number(TrainableParameters)} of {Number(Parameters)} parameters trained\n");
        text.Append($"memory {Size(TotalBytes)}: parameters {Size(ParameterBytes)}, buffers {Size(BufferBytes)}, activations {Size(ActivationBytes)}");
        return text.ToString();
    }

    private static string Count(long value) => value == 0 ? "-" : Number(value);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(long bytes)
    {
        double size = bytes;
        int unit = 0;
        for (; size >= 1024 && unit < Units.Length - 1; unit++) size /= 1024;
        return size.ToString(unit == 0 ? "F0" : "F1", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
