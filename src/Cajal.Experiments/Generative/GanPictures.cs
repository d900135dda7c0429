using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What there is to see of an adversarial game.</summary>
internal static class GanPictures
{
    private const int Points = 120;

    /// <summary>The two losses, and the distance and confidence over training.</summary>
    internal static void Curves(Trial trial, GanRules rules, GanTraining game, SampleHistory history)
    {
        string name = rules.Name;
        var losses = Chart.New($"{name}: losses", "step", "loss");
        var (steps, opponent) = Smooth(game.OpponentLosses);
        losses.Line(rules.OpponentTitle, steps, opponent);
        losses.Line("generator", steps, Smooth(game.GeneratorLosses).Means);
        trial.Picture($"{name}-losses", losses);
        trial.Csv($"{name}-losses", ["step", "opponent", "generator"], game.OpponentLosses.Select((loss, i) => new[] { i + 1, loss, game.GeneratorLosses[i] }));
        trial.Picture($"{name}-distance", Distance(name, history));
    }

    /// <summary>Fréchet's distance over training, with the share that is named with confidence on the right axis.</summary>
    internal static ScottPlot.Plot Distance(string name, SampleHistory history)
    {
        var plot = Chart.New($"{name}: samples beside real digits", "step", "Fréchet distance");
        plot.Line("Fréchet distance", history.Steps, history.Distances);
        plot.Line("named with confidence in % (right)", history.Steps, history.Confident);
        plot.PlottableList[^1].Axes.YAxis = plot.Axes.Right;
        plot.Axes.Right.Label.Text = "%";
        plot.Axes.SetLimitsY(0, history.Distances.Max() * 1.05, plot.Axes.Left);
        plot.Axes.SetLimitsY(0, 100, plot.Axes.Right);
        return plot;
    }

    /// <summary>Each row is from one piece of the noise.</summary>
    internal static void Pieces(Trial trial, string name, DcganGenerator generator)
    {
        const int Rows = 16, Columns = 20;
        using var scope = new NoGrad();
        generator.Eval();
        var images = generator.Forward(new PiecewiseNoise(generator.Latent).Of(Tensor.Arange(Rows).Repeat(Columns).Reshape(Columns, Rows).T.Reshape(-1)));
        trial.Picture($"{name}-pieces", ImageGrid.Of(DigitImages.ToGrey(images), Columns, Math.Max(2, 56 / generator.Side), range: (0, 1)));
    }

    /// <summary>Each row walks from one noise to another.</summary>
    internal static void Interpolation(Trial trial, string name, DcganGenerator generator)
    {
        const int Rows = 8, Columns = 16;
        var ends = new PiecewiseNoise(generator.Latent).Draw(2 * Rows);
        using var scope = new NoGrad();
        generator.Eval();
        var images = generator.Forward(Tensor.Concat([.. Enumerable.Range(0, Rows).Select(row => DigitImages.Arc(ends[2 * row], ends[2 * row + 1], Columns))]));
        trial.Picture($"{name}-interpolation", ImageGrid.Of(DigitImages.ToGrey(images), Columns, Math.Max(2, 56 / generator.Side), range: (0, 1)));
    }

    /// <summary>Means over stretches of equal length, so that a curve of thousands of noisy values can be read.</summary>
    internal static (double[] Steps, double[] Means) Smooth(IReadOnlyList<double> values)
    {
        int count = Math.Min(Points, values.Count);
        double[] steps = new double[count], means = new double[count];
        for (int i = 0; i < count; i++)
        {
            int from = (int)((long)i * values.Count / count), to = (int)((long)(i + 1) * values.Count / count);
            steps[i] = (from + 1 + to) / 2.0;
            for (int k = from; k < to; k++) means[i] += values[k] / (to - from);
        }
        return (steps, means);
    }
}
