using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>Graphs drawn side by side: nodes as discs coloured by class, edges as lines.</summary>
internal sealed class GraphDrawing : Drawing
{
    private const float Margin = 26, Caption = 18, FontSize = 11;
    private readonly Picture[] pictures;
    private readonly int columns, side;
    private readonly float radius;

    private GraphDrawing(Picture[] pictures, int columns, int side, float radius)
        : base(columns * side, (pictures.Length + columns - 1) / columns * (side + (int)Caption)) => (this.pictures, this.columns, this.side, this.radius) = (pictures, columns, side, radius);

    /// <summary>What is drawn of a graph.</summary>
    /// <param name="Graph">The nodes and edges.</param>
    /// <param name="Colours">Which of <see cref="Chart.Colours"/> each node has.</param>
    /// <param name="Names">What stands in each node.</param>
    /// <param name="Title">What stands below.</param>
    /// <param name="Ringed">Nodes with a thick border.</param>
    internal sealed record Picture(Graph Graph, IReadOnlyList<int> Colours, IReadOnlyList<string> Names, string Title, IReadOnlyCollection<int> Ringed);

    internal static GraphDrawing Of(IReadOnlyList<Picture> pictures, int columns, int side, float radius) => new([.. pictures], Math.Min(columns, pictures.Count), side, radius);

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        using var font = new SKFont(SKTypeface.FromFamilyName(Chart.FontName), FontSize);
        using var small = new SKFont(SKTypeface.FromFamilyName(Chart.FontName), Math.Min(FontSize, radius * 1.2f));
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var white = new SKPaint { Color = SKColors.White, IsAntialias = true };
        using var line = new SKPaint { Color = new SKColor(160, 160, 160), StrokeWidth = 1.4f, IsAntialias = true };
        using var ring = new SKPaint { Color = SKColors.Black, Style = SKPaintStyle.Stroke, StrokeWidth = 3, IsAntialias = true };
        using var fill = new SKPaint { IsAntialias = true };
        for (int i = 0; i < pictures.Length; i++)
        {
            var picture = pictures[i];
            float left = i % columns * side, top = i / columns * (side + Caption), scale = side - 2 * Margin;
            SKPoint[] at = [.. GraphLayout.Of(picture.Graph).Select(p => new SKPoint(left + Margin + (float)p.X * scale, top + Margin + (float)p.Y * scale))];
            var (rows, senders) = (picture.Graph.Pattern.Rows.ToArray<int>(), picture.Graph.Pattern.Columns.ToArray<int>());
            for (int e = 0; e < rows.Length; e++) if (rows[e] < senders[e]) canvas.DrawLine(at[rows[e]], at[senders[e]], line);
            for (int node = 0; node < at.Length; node++)
            {
                var colour = Chart.Colours[picture.Colours[node] % Chart.Colours.Count];
                fill.Color = new SKColor(colour.R, colour.G, colour.B);
                canvas.DrawCircle(at[node], radius, fill);
                if (picture.Ringed.Contains(node)) canvas.DrawCircle(at[node], radius, ring);
                canvas.DrawText(picture.Names[node], at[node].X, at[node].Y + small.Size * 0.36f, SKTextAlign.Center, small, white);
            }
            canvas.DrawText(picture.Title, left + side / 2f, top + side + Caption / 2, SKTextAlign.Center, font, ink);
        }
    }
}
