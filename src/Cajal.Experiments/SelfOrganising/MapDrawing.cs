using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>The units of a self-organising map in their places, each with a colour for its value and, if wanted, a word. Hexagons where the grid is hexagonal, else squares.</summary>
public sealed class MapDrawing : Drawing
{
    private const int Margin = 8;
    private readonly SomGrid grid;
    private readonly double[,] values;
    private readonly IReadOnlyList<string>? words;
    private readonly int size;

    /// <summary>Arranges the units.</summary>
    /// <param name="grid">Where they lie.</param>
    /// <param name="values">[rows, columns]; the least is dark, the greatest bright.</param>
    /// <param name="words">One for each unit, or null.</param>
    /// <param name="size">Distance of neighbours, in pixels.</param>
    public MapDrawing(SomGrid grid, double[,] values, IReadOnlyList<string>? words = null, int size = 20)
        : base(2 * Margin + (int)((grid.Columns + (grid.Topology == GridTopology.Hexagonal ? 0.5 : 0)) * size), 2 * Margin + (int)(HeightOf(grid) * size)) =>
        (this.grid, this.values, this.words, this.size) = (grid, values, words, size);

    private static double HeightOf(SomGrid grid) => grid.Topology == GridTopology.Hexagonal ? (grid.Rows - 1) * Math.Sqrt(3) / 2 + 2 / Math.Sqrt(3) : grid.Rows;

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        double least = values.Cast<double>().Min(), range = Math.Max(values.Cast<double>().Max() - least, double.Epsilon);
        var colours = new ScottPlot.Colormaps.Viridis();
        using var font = new SKFont(SKTypeface.FromFamilyName(Chart.FontName), size * 0.6f);
        using var paint = new SKPaint { IsAntialias = true };
        for (int unit = 0; unit < grid.Count; unit++)
        {
            var (x, y) = grid.Place(unit);
            double top = grid.Topology == GridTopology.Hexagonal ? 1 / Math.Sqrt(3) : 0.5;
            float left = (float)(Margin + (x + 0.5) * size), down = (float)(Margin + (y + top) * size);
            double share = (values[unit / grid.Columns, unit % grid.Columns] - least) / range;
            var colour = colours.GetColor(share);
            paint.Color = new SKColor(colour.R, colour.G, colour.B);
            using var cell = Cell(left, down);
            canvas.DrawPath(cell, paint);
            if (words is null) continue;
            const double Bright = 0.6;
            paint.Color = share > Bright ? SKColors.Black : SKColors.White;
            canvas.DrawText(words[unit], left, down + size * 0.21f, SKTextAlign.Center, font, paint);
        }
    }

    private SKPath Cell(float x, float y)
    {
        bool hexagon = grid.Topology == GridTopology.Hexagonal;
        int corners = hexagon ? 6 : 4;
        double radius = hexagon ? size / Math.Sqrt(3) : size / Math.Sqrt(2), turn = hexagon ? Math.PI / 6 : Math.PI / 4;
        var path = new SKPath();
        path.AddPoly([.. Enumerable.Range(0, corners).Select(i => turn + 2 * Math.PI * i / corners).Select(angle => new SKPoint((float)(x + radius * Math.Cos(angle)), (float)(y + radius * Math.Sin(angle))))], close: true);
        return path;
    }
}
