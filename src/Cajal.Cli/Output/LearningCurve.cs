using Cajal.Experiments;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Cajal.Cli;

/// <summary>The learning curve as PNG and SVG: losses on the left, logarithmically where they span much, accuracy or R2 on the right.</summary>
internal static class LearningCurve
{
    private const int Width = 960, Height = 560;

    /// <summary>A loss that falls by more than this is drawn logarithmically; its end would otherwise lie on the axis.</summary>
    private const double WideRange = 10;

    internal static void Save(RunPaths paths, IReadOnlyList<EpochRow> rows, string title, string watched, LearningTask task)
    {
        if (rows.Count == 0) return;
        using var plot = Draw(rows, title, watched, task);
        AtomicFile.Write(paths.Png, stream => stream.Write(plot.GetImageBytes(Width, Height, ImageFormat.Png)));
        AtomicFile.Write(paths.Svg, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height))));
    }

    private static Plot Draw(IReadOnlyList<EpochRow> rows, string title, string watched, LearningTask task)
    {
        var plot = new Plot();
        plot.Font.Set(Chart.FontName);
        double[] losses = [.. rows.SelectMany(row => new[] { row.Loss, row.WatchedLoss }).Where(double.IsFinite)];
        bool logarithmic = losses.Length > 0 && losses.Min() > 0 && losses.Max() > WideRange * losses.Min();
        double[] epochs = [.. rows.Select(row => (double)row.Epoch)];
        Line(plot, epochs, [.. rows.Select(row => Scale(row.Loss))], "training loss", Colors.C0);
        Line(plot, epochs, [.. rows.Select(row => Scale(row.WatchedLoss))], $"{watched} loss", Colors.C1);
        bool classes = task == LearningTask.Classification;
        double[] scores = [.. rows.Select(row => classes ? 100 * row.WatchedScore : row.WatchedScore)];
        var score = Line(plot, epochs, scores, classes ? $"{watched} accuracy" : $"{watched} R2", Colors.C2);
        score.Axes.YAxis = plot.Axes.Right;

        plot.Title(title);
        plot.XLabel("epoch");
        plot.YLabel("loss");
        plot.Axes.Right.Label.Text = classes ? "accuracy in %" : "R2";
        plot.Axes.Right.TickGenerator = new NumericAutomatic { TickDensity = 0.4 };
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true, MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1) };
        if (logarithmic)
            plot.Axes.Left.TickGenerator = new NumericAutomatic { MinorTickGenerator = new LogMinorTickGenerator(), IntegerTicksOnly = true, LabelFormatter = Power };
        plot.ShowLegend(Edge.Bottom).Legend.Orientation = Orientation.Horizontal;
        return plot;

        double Scale(double loss) => logarithmic ? Math.Log10(loss) : loss;
    }

    private static ScottPlot.Plottables.Scatter Line(Plot plot, double[] x, double[] y, string name, Color colour)
    {
        // Epochs without a figure (NaN) are left out, not drawn as gaps to zero.
        int[] there = [.. Enumerable.Range(0, y.Length).Where(i => double.IsFinite(y[i]))];
        var line = plot.Add.Scatter(Array.ConvertAll(there, i => x[i]), Array.ConvertAll(there, i => y[i]), colour);
        line.LegendText = name;
        line.LineWidth = 2;
        line.MarkerSize = x.Length <= 50 ? 5 : 0;
        return line;
    }

    private static string Power(double exponent) => Math.Pow(10, exponent).ToString("G3", System.Globalization.CultureInfo.InvariantCulture);
}
