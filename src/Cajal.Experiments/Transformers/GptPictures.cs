using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What the language models learned, to look at.</summary>
internal static class GptPictures
{
    /// <summary>Bits per character of the validation text against characters read.</summary>
    internal static void Learning(Trial trial, List<(double Read, double Bits)> gpt, List<(double Read, double Bits)> lstm, double ngramBits)
    {
        var plot = Chart.New("Learning to foresee the next character", "characters read (thousands)", "bits per character, validation text");
        double[] read = [.. gpt.Select(point => point.Read / 1000)];
        plot.Line("transformer", read, [.. gpt.Select(point => point.Bits)], colour: 0);
        plot.Line("LSTM", read, [.. lstm.Select(point => point.Bits)], colour: 1);
        plot.Line("5-gram, whole training text (on the test text)", [read[0], read[^1]], [ngramBits, ngramBits], colour: 2);
        trial.Picture("learning", plot);
        trial.Csv("learning", ["characters", "transformer", "lstm"], gpt.Zip(lstm, (g, l) => new[] { g.Read, g.Bits, l.Bits }));
    }

    /// <summary>Bits per character against how many characters of the window stand before: who uses what is far back.</summary>
    internal static void ByPosition(Trial trial, LanguageScore gpt, LanguageScore lstm, double ngramBits)
    {
        var plot = Chart.New("What a longer memory is worth", "characters seen before", "bits per character, test text");
        double[] seen = [.. Enumerable.Range(1, gpt.ByPosition.Length).Select(i => (double)i)];
        plot.Line("transformer", seen, Smooth(gpt.ByPosition), colour: 0);
        plot.Line("LSTM", seen, Smooth(lstm.ByPosition), colour: 1);
        plot.Line("5-gram", [seen[0], seen[^1]], [ngramBits, ngramBits], colour: 2);
        trial.Picture("position", plot);
        trial.Csv("position", ["seen", "transformer", "lstm"], seen.Select((s, i) => new[] { s, gpt.ByPosition[i], lstm.ByPosition[i] }));
    }

    /// <summary>
    /// The head that looks most at what followed the last time the same three characters stood there ("induction", Olsson et al. 2022), on a piece of text with a repetition.
    /// </summary>
    internal static void Attention(Trial trial, Gpt net, CharTokenizer characters, int[] text)
    {
        const int Shown = 56;
        using var scope = new NoGrad();
        int length = net.Context;
        int[] starts = [.. Enumerable.Range(0, Math.Min(16, (text.Length - 1) / length)).Select(i => i * length)];
        var (windows, _) = LanguageTraining.Windows(text, starts, length);
        var (_, weights) = net.ForwardWithWeights(windows);
        var best = (Score: -1.0, Layer: 0, Head: 0);
        for (int layer = 0; layer < weights.Count; layer++)
        {
            for (int head = 0; head < weights[layer].Shape[1]; head++)
            {
                float[] w = weights[layer].Select(1, head).ToArray<float>();
                double sum = 0;
                int count = 0;
                for (int n = 0; n < starts.Length; n++)
                {
                    for (int t = 2; t < length; t++)
                    {
                        if (LastTime(text.AsSpan(starts[n], length), t) is not { } before) continue;
                        sum += w[(n * length + t) * length + before + 1];
                        count++;
                    }
                }
                if (count > 0 && sum / count > best.Score) best = (sum / count, layer, head);
            }
        }
        trial.Figure("induction", best.Score);

        // The window, and the part of it, with the most repetitions.
        int shown = Math.Min(Shown, length);
        var (start, from) = starts.SelectMany(s => Enumerable.Range(0, length - shown + 1).Select(f => (Start: s, From: f)))
            .MaxBy(place => Enumerable.Range(place.From + 2, shown - 2).Count(t => LastTime(text.AsSpan(place.Start, length), t) is { } before && before >= place.From));
        float[] map = weights[best.Layer].Narrow(0, Array.IndexOf(starts, start), 1).Select(1, best.Head).ToArray<float>();
        var values = new double[shown, shown];
        for (int t = 0; t < shown; t++)
        {
            for (int s = 0; s < shown; s++) values[t, s] = map[(from + t) * length + from + s];
        }
        string[] letters = [.. Enumerable.Range(start + from, shown).Select(i => characters.Decode([text[i]])).Select(c => c switch { " " => "_", "\n" => "/", _ => c })];
        var plot = Chart.Heatmap($"Layer {best.Layer + 1}, head {best.Head + 1}: where each character looks", values, "looks at (_ is a space, / a new line)", "reads, from above", letters, letters);
        trial.Picture("attention", plot, width: 900, height: 850);
    }

    /// <summary>The last place before t where the characters t - 2, t - 1 and t stood already; its follower is before t + 1.</summary>
    private static int? LastTime(ReadOnlySpan<int> text, int t)
    {
        for (int s = t - 1; s >= 2; s--)
        {
            if (text[s] == text[t] && text[s - 1] == text[t - 1] && text[s - 2] == text[t - 2]) return s;
        }
        return null;
    }

    /// <summary>Means over five neighbours.</summary>
    private static double[] Smooth(double[] values)
    {
        const int Reach = 2;
        return [.. Enumerable.Range(0, values.Length).Select(i => values[Math.Max(0, i - Reach)..Math.Min(values.Length, i + Reach + 1)].Average())];
    }
}
