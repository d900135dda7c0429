namespace Cajal.Experiments;

/// <summary>How a generator's samples change while it learns: what the judge said at each look, and the same few samples every time.</summary>
/// <param name="trial">Where figures and pictures go.</param>
/// <param name="name">Of the generator, as it begins its figures: <c>dcgan</c>.</param>
/// <param name="judge">Judges the samples.</param>
internal sealed class SampleHistory(Trial trial, string name, SampleJudge judge)
{
    private const int Shown = 16;
    private readonly List<(int Step, Verdict Verdict)> looks = [];
    private readonly List<Tensor> strips = [];

    /// <summary>Steps at which a look was taken.</summary>
    internal double[] Steps => [.. looks.Select(look => (double)look.Step)];

    /// <summary>Fréchet's distance at each look.</summary>
    internal double[] Distances => [.. looks.Select(look => look.Verdict.Distance)];

    /// <summary>Share named with confidence at each look, in %.</summary>
    internal double[] Confident => [.. looks.Select(look => 100 * look.Verdict.Confident)];

    /// <summary>Judges samples; those with the same number must come from the same noise every time.</summary>
    /// <param name="step">Steps of training done.</param>
    /// <param name="look">Which look this is, from 1.</param>
    /// <param name="of">Looks planned.</param>
    /// <param name="samples">[N, 1, H, W] in [0, 1], N the same at every look.</param>
    internal void Look(int step, int look, int of, Tensor samples)
    {
        var verdict = judge.Judge(samples);
        looks.Add((step, verdict));
        strips.Add(samples.Narrow(0, 0, Math.Min(Shown, samples.Shape[0])));
        trial.Step(name, look, of, ("confident", verdict.Confident), ("frechet", verdict.Distance));
    }

    /// <summary>Reports the goals' figures, the distance's fall from the first look to the last, and pictures.</summary>
    /// <param name="final">The samples that count, [N, 1, H, W] in [0, 1].</param>
    internal void Report(Tensor final)
    {
        var verdict = judge.Judge(final);
        trial.Figure($"{name}_confident", verdict.Confident);
        trial.Figure($"{name}_rarest_class", verdict.RarestClass);
        trial.Figure($"{name}_frechet", verdict.Distance);
        trial.Figure($"{name}_frechet_fall", looks[^1].Verdict.Distance / looks[0].Verdict.Distance);
        int scale = Math.Max(2, 56 / final.Shape[2]);
        trial.Picture($"{name}-samples", ImageGrid.Of(final.Narrow(0, 0, Math.Min(100, final.Shape[0])), columns: 20, scale, range: (0, 1)));
        string[] captions = [.. looks.SelectMany(look => Enumerable.Range(0, strips[0].Shape[0]).Select(i => i == 0 ? $"{look.Step}" : ""))];
        trial.Picture($"{name}-training", ImageGrid.Of(Tensor.Concat([.. strips]), columns: strips[0].Shape[0], scale, range: (0, 1), captions));
        trial.Csv($"{name}-looks", ["step", "confident", "rarest_class", "frechet"], looks.Select(look => new[] { look.Step, look.Verdict.Confident, look.Verdict.RarestClass, look.Verdict.Distance }));
    }
}
