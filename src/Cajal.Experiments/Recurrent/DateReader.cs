using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>An encoder and decoder that learns to read dates.</summary>
/// <param name="scheme">How the decoder attends.</param>
/// <param name="hidden">Width of the states.</param>
internal sealed class DateReader(AttentionScheme scheme, int hidden)
{
    private const int BatchSize = 100, Looks = 20, AtOnce = 500, Longest = DateStrings.IsoLength + 2;

    /// <summary>The network.</summary>
    internal Seq2Seq Net { get; } = new(DateStrings.Written.Count, DateStrings.Iso.Count, width: 32, hidden, scheme);

    /// <summary>Share of validation texts read without a fault, and the step.</summary>
    internal List<(int Step, double Exact)> Progress { get; } = [];

    /// <summary>Trains with teacher forcing and Adam.</summary>
    /// <param name="trial">Is told how it goes.</param>
    /// <param name="random">Draws the texts.</param>
    /// <param name="train">Days to write.</param>
    /// <param name="validation">Texts to look at, whose days are not among them.</param>
    /// <param name="steps">Batches of 100 texts.</param>
    internal void Train(Trial trial, Generator random, DateOnly[] train, DateTexts validation, int steps)
    {
        const double PeakRate = 5e-3;
        var optimizer = new Adam(Net);
        var schedule = new OneCycleSchedule(PeakRate, steps, warmUp: 0.1, lowMomentum: null);
        var parameters = Net.Parameters().ToList();
        int pause = Math.Max(1, steps / Looks);
        double losses = 0;
        for (int step = 1; step <= steps; step++)
        {
            var batch = DateStrings.Draw(random, train, BatchSize);
            schedule.Apply(optimizer, step - 1);
            Net.ZeroGrad();
            var loss = Net.Loss(batch.Source, batch.Target);
            losses += loss.Item();
            loss.Backward();
            Gradients.ClipNorm(parameters, 1);
            optimizer.Step();
            trial.Progress(scheme.ToString(), (double)(step % pause) / pause);
            if (step % pause != 0) continue;
            Progress.Add((step, Exact(validation)));
            trial.Step(scheme.ToString(), step, steps, ("loss", losses / pause), ("val_exact", Progress[^1].Exact));
            losses = 0;
        }
    }

    /// <summary>What it writes for each text: the likeliest character, again and again.</summary>
    internal string[] Read(IReadOnlyList<string> written) =>
        [.. written.Chunk(AtOnce).SelectMany(some => Net.Greedy(DateStrings.Written.Encode(some), Longest).Symbols).Select(symbols => DateStrings.Iso.Decode(symbols))];

    /// <summary>What it writes for one text when it follows several beginnings.</summary>
    internal string ReadByBeam(string written, int width) => DateStrings.Iso.Decode(Net.BeamSearch(DateStrings.Written.Encode([written]), Longest, width)[0].Symbols);

    /// <summary>The share of texts read without a fault.</summary>
    internal double Exact(DateTexts texts) => Read(texts.Written).Zip(texts.Iso).Average(pair => pair.First == pair.Second ? 1.0 : 0.0);

    /// <summary>What it writes for one text, and how much of each character it saw while writing: [T, S].</summary>
    internal (string Iso, double[,] Seen) Watch(string written)
    {
        var decoded = Net.Greedy(DateStrings.Written.Encode([written]), Longest);
        string iso = DateStrings.Iso.Decode(decoded.Symbols[0]);
        var seen = new double[iso.Length, written.Length];
        for (int t = 0; t < iso.Length; t++)
        {
            for (int s = 0; s < written.Length; s++) seen[t, s] = decoded.Weights.At(0, t, s);
        }
        return (iso, seen);
    }
}
