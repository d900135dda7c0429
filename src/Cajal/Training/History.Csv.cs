using System.Globalization;
using System.Text;

namespace Cajal;

public sealed partial record History
{
    /// <summary>
    /// A table with one row per epoch: <c>epoch</c>, all figures, <c>learning_rate</c>, <c>seconds</c>. Numbers read back as the same bits; a figure that is missing or NaN is an empty cell.
    /// </summary>
    public string ToCsv()
    {
        var names = Names;
        var text = new StringBuilder(CsvHeader(names));
        foreach (var epoch in Epochs) text.Append(CsvRow(epoch, names));
        return text.ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/> to a file, atomically.</summary>
    public void SaveCsv(string path) => WriteText(path, ToCsv());

    internal static string CsvHeader(IEnumerable<string> names) => string.Join(',', ["epoch", .. names.Select(Quoted), "learning_rate", "seconds"]) + "\n";

    internal static string CsvRow(EpochResult epoch, IEnumerable<string> names) => string.Join(',',
        [epoch.Epoch.ToString(CultureInfo.InvariantCulture), .. names.Select(name => Cell(Find(epoch, name))), Cell(epoch.LearningRate), Cell(epoch.Elapsed.TotalSeconds)]) + "\n";

    internal static void WriteText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static string Cell(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string name) => name.AsSpan().ContainsAny(",\"\r\n") ? $"\"{name.Replace("\"", "\"\"")}\"" : name;
}
