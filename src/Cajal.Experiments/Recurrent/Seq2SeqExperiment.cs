using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Dates in many formats, read character by character and written as ISO 8601, with both ways of attending.</summary>
public sealed class Seq2SeqExperiment : Experiment
{
    private const ulong Days = 21, Training = 22, Held = 23;

    /// <inheritdoc/>
    public override string Name => "seq2seq";

    /// <inheritdoc/>
    public override string Summary => "encoder and decoder with attention: dates in many formats to ISO 8601";

    /// <inheritdoc/>
    public override string Source => "Sutskever, Vinyals and Le 2014; Bahdanau, Cho and Bengio 2015; Luong, Pham and Manning 2015";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("luong_exact", 0.99, "attention behind the step: dates never seen in any format, read without a fault", quick: 0.5, format: "0.00 %"),
        Goal.AtLeast("bahdanau_exact", 0.99, "attention before the step: the same dates", format: "0.00 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var (train, validationDays, testDays) = DateStrings.Days(new((ulong)trial.Seed, Days));
        var random = new Generator((ulong)trial.Seed, Held);
        var validation = DateStrings.Draw(random, validationDays, 500);
        var test = DateStrings.Draw(random, testDays, 2000);
        trial.Note($"data: dates of 1950 to 2049 in {DateStrings.Formats.Count} formats, simulated; {train.Length:N0} days to learn from, {validationDays.Length:N0} to choose by, {testDays.Length:N0} held out in every format");
        trial.Note($"for example: {string.Join("; ", test.Written.Take(4))}");
        var curves = Chart.New("Dates read without a fault", "training step (100 texts each)", "share of 500 validation texts");
        foreach (var scheme in trial.Quick ? [AttentionScheme.Luong] : (AttentionScheme[])[AttentionScheme.Luong, AttentionScheme.Bahdanau])
        {
            string key = scheme.ToString().ToLowerInvariant();
            var reader = new DateReader(scheme, hidden: 64);
            reader.Train(trial, new((ulong)trial.Seed, Training), train, validation, steps: trial.Quick ? 160 : 1000);
            Measure(trial, key, reader, test);
            trial.Save($"dates-{key}", reader.Net);
            curves.Line(scheme.ToString(), [.. reader.Progress.Select(look => (double)look.Step)], [.. reader.Progress.Select(look => look.Exact)]);
            for (int i = 0; i < 2; i++) DrawAttention(trial, $"attention-{key}-{i + 1}", reader, test.Written.Where(text => text.Any(char.IsLower)).ElementAt(i));
        }
        trial.Picture("learning", curves);
    }

    private static void Measure(Trial trial, string key, DateReader reader, DateTexts test)
    {
        const int BeamWidth = 4, BeamTexts = 200;
        string[] read = reader.Read(test.Written);
        bool[] right = [.. read.Zip(test.Iso, (ours, iso) => ours == iso)];
        trial.Figure($"{key}_exact", right.Average(hit => hit ? 1.0 : 0.0));
        trial.Figure($"{key}_beam_exact", Enumerable.Range(0, BeamTexts).Average(i => reader.ReadByBeam(test.Written[i], BeamWidth) == test.Iso[i] ? 1.0 : 0.0));
        trial.Csv($"formats-{key}", ["format", "texts", "exact"], test.Formats.Index().GroupBy(one => one.Item).OrderBy(group => group.Key)
            .Select(group => (double[])[group.Key, group.Count(), group.Average(one => right[one.Index] ? 1.0 : 0.0)]));
        foreach (int wrong in Enumerable.Range(0, right.Length).Where(i => !right[i]).Take(3)) trial.Note($"misread: {test.Written[wrong]} as {read[wrong]}");
    }

    private static void DrawAttention(Trial trial, string name, DateReader reader, string written)
    {
        var (iso, seen) = reader.Watch(written);
        string[] columns = [.. written.Select(character => character == ' ' ? "␣" : character.ToString())];
        trial.Picture(name, Chart.Heatmap($"What is seen while \"{iso}\" is written", seen, "read", "written", columns, [.. iso.Select(character => character.ToString())]));
    }
}
