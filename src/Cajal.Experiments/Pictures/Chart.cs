using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.TickGenerators;

namespace Cajal.Experiments;

/// <summary>Charts in one style: what a line is called stands in the legend below, classes differ by shape as well as by colour.</summary>
public static class Chart
{
    private static readonly string[] SansSerif = ["Segoe UI", "Helvetica Neue", "Open Sans", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"];

    /// <summary>Colours told apart in print and by most who see few (Okabe and Ito 2008).</summary>
    public static IReadOnlyList<Color> Colours { get; } =
        [.. new[] { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#000000", "#7f7f7f", "#9467bd" }.Select(text => Color.FromHex(text))];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown,
        MarkerShape.OpenCircle, MarkerShape.OpenTriangleUp, MarkerShape.OpenSquare, MarkerShape.OpenDiamond, MarkerShape.Eks,
    ];

    /// <summary>The first of the usual fonts that is there.</summary>
    public static string FontName { get; } = FindFont();

    /// <summary>An empty chart.</summary>
    /// <param name="title">Above it.</param>
    /// <param name="x">What the horizontal axis is, with its unit.</param>
    /// <param name="y">What the vertical axis is, with its unit.</param>
    public static Plot New(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set(FontName);
        plot.Title(title);
        plot.XLabel(x);
        plot.YLabel(y);
        return plot;
    }

    /// <summary>Adds a line; values that are not finite are left out.</summary>
    /// <param name="plot">The chart.</param>
    /// <param name="name">For the legend.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, as many.</param>
    /// <param name="colour">Which of <see cref="Colours"/>; by default the next.</param>
    /// <param name="thin">Half as wide: what is compared with. (Skia cannot write dashes as SVG.)</param>
    public static void Line(this Plot plot, string name, IReadOnlyList<double> x, IReadOnlyList<double> y, int? colour = null, bool thin = false)
    {
        const int FewPoints = 50;
        int[] there = [.. Enumerable.Range(0, y.Count).Where(i => double.IsFinite(y[i]))];
        var line = plot.Add.Scatter(Array.ConvertAll(there, i => x[i]), Array.ConvertAll(there, i => y[i]), Colours[(colour ?? plot.PlottableList.Count) % Colours.Count]);
        line.LegendText = name;
        line.LineWidth = thin ? 1 : 2;
        line.MarkerSize = x.Count <= FewPoints ? 5 : 0;
        // Every call would stack another legend below.
        if (!plot.Axes.GetPanels().OfType<ScottPlot.Panels.LegendPanel>().Any()) plot.ShowLegend(Edge.Bottom).Legend.Orientation = Orientation.Horizontal;
    }

    /// <summary>Adds points in the plane, [N, 2], with a colour and a shape for every class: embeddings.</summary>
    /// <param name="plot">The chart.</param>
    /// <param name="points">Positions, [N, 2].</param>
    /// <param name="labels">Class numbers, as many.</param>
    /// <param name="names">Names of the classes.</param>
    public static void Classes(this Plot plot, Tensor points, IReadOnlyList<int> labels, IReadOnlyList<string> names)
    {
        double[] flat = points.Cast(DType.Float64).ToArray<double>();
        for (int k = 0; k < names.Count; k++)
        {
            int[] members = [.. Enumerable.Range(0, labels.Count).Where(i => labels[i] == k)];
            if (members.Length == 0) continue;
            var cloud = plot.Add.ScatterPoints(Array.ConvertAll(members, i => flat[2 * i]), Array.ConvertAll(members, i => flat[2 * i + 1]), Colours[k % Colours.Count]);
            cloud.LegendText = names[k];
            cloud.MarkerShape = Shapes[k % Shapes.Length];
            cloud.MarkerSize = 5;
        }
        plot.ShowLegend(Edge.Right);
    }

    /// <summary>A matrix as coloured cells, row 0 above: confusion, attention, maps.</summary>
    /// <param name="title">Above it.</param>
    /// <param name="values">[rows, columns].</param>
    /// <param name="x">What the columns are.</param>
    /// <param name="y">What the rows are.</param>
    /// <param name="columns">Names of the columns, or null for numbers.</param>
    /// <param name="rows">Names of the rows, or null for numbers.</param>
    /// <param name="writeValues">Whether each cell shows its number.</param>
    public static Plot Heatmap(string title, double[,] values, string x, string y, IReadOnlyList<string>? columns = null, IReadOnlyList<string>? rows = null, bool writeValues = false)
    {
        var plot = New(title, x, y);
        var map = plot.Add.Heatmap(values);
        map.Colormap = new ScottPlot.Colormaps.Viridis();
        int height = values.GetLength(0), width = values.GetLength(1);
        if (columns is not null) plot.Axes.Bottom.TickGenerator = new NumericManual([.. Enumerable.Range(0, width).Select(i => (double)i)], [.. columns]);
        // The library draws row 0 at the top and counts y from below.
        plot.Axes.Left.TickGenerator = rows is null
            ? new NumericAutomatic { LabelFormatter = value => $"{height - 1 - value:0}", IntegerTicksOnly = true }
            : new NumericManual([.. Enumerable.Range(0, height).Select(i => (double)(height - 1 - i))], [.. rows]);
        if (writeValues) WriteValues(plot, values);
        else plot.Add.ColorBar(map);
        plot.Axes.SetLimits(-0.5, width - 0.5, -0.5, height - 0.5);
        plot.HideGrid();
        return plot;
    }

    /// <summary>How often a sample of each class (row) was taken for each class (column).</summary>
    /// <param name="title">Above it.</param>
    /// <param name="counts">[K, K]: <see cref="Evaluation.Confusion"/>.</param>
    /// <param name="names">Names of the classes.</param>
    public static Plot Confusion(string title, int[,] counts, IReadOnlyList<string> names)
    {
        var values = new double[names.Count, names.Count];
        for (int i = 0; i < names.Count; i++)
        {
            for (int j = 0; j < names.Count; j++) values[i, j] = counts[i, j];
        }
        return Heatmap(title, values, "taken for", "is", names, names, writeValues: true);
    }

    private static void WriteValues(Plot plot, double[,] values)
    {
        double middle = values.Cast<double>().Max() / 2;
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
            {
                var text = plot.Add.Text(values[i, j].ToString("0.##", System.Globalization.CultureInfo.InvariantCulture), j, values.GetLength(0) - 1 - i);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontColor = values[i, j] > middle ? ScottPlot.Colors.Black : ScottPlot.Colors.White;
                text.LabelFontName = FontName;
            }
        }
    }

    private static string FindFont()
    {
        var present = SkiaSharp.SKFontManager.Default.FontFamilies.ToHashSet();
        return SansSerif.FirstOrDefault(present.Contains) ?? Fonts.Default;
    }
}
