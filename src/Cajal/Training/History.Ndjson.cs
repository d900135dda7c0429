using System.Text;
using System.Text.Json;

namespace Cajal;

public sealed partial record History
{
    /// <summary>
    /// One JSON object per line and epoch: <c>epoch</c>, all figures by name, <c>learning_rate</c>, <c>seconds</c>. Numbers read back as the same bits; what is NaN or infinite is null.
    /// </summary>
    public string ToNdjson() => string.Concat(Epochs.Select(NdjsonLine));

    /// <summary>Writes <see cref="ToNdjson"/> to a file, atomically.</summary>
    public void SaveNdjson(string path) => WriteText(path, ToNdjson());

    internal static string NdjsonLine(EpochResult epoch)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            foreach (var (name, value) in epoch.Figures) WriteFigure(json, name, value);
            WriteFigure(json, "learning_rate", epoch.LearningRate);
            WriteFigure(json, "seconds", epoch.Elapsed.TotalSeconds);
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteFigure(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
