using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>What an agent would do in every cell of a grid world, and what it thinks the cell is worth.</summary>
internal sealed class GridScene(GridWorld world, QLearning agent) : Drawing(world.Columns * Cell, world.Rows * Cell)
{
    private const int Cell = 56;
    private const float ArrowLength = 15, TextSize = 11;

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(Ink.Paper);
        using var grid = Ink.Stroke(Ink.Pale, 1);
        using var hole = Ink.Fill(Ink.Line);
        using var goal = Ink.Fill(Ink.Green);
        using var start = Ink.Fill(Ink.Pale);
        using var arrow = Ink.Stroke(Ink.Blue, 2.5f);
        using var text = Ink.Fill(Ink.Line);
        using var font = new SKFont(SKTypeface.FromFamilyName(Chart.FontName), TextSize);
        for (int cell = 0; cell < world.CellCount; cell++)
        {
            float left = cell % world.Columns * Cell, top = cell / world.Columns * Cell;
            var square = SKRect.Create(left, top, Cell, Cell);
            var kind = Kind(cell);
            if (kind != CellKind.Free) canvas.DrawRect(square, kind switch { CellKind.Bad => hole, CellKind.Goal => goal, _ => start });
            canvas.DrawRect(square, grid);
            if (kind is CellKind.Bad or CellKind.Goal) continue;
            var (row, column) = world.Directions[agent.Best(cell)];
            Arrow(canvas, arrow, left + Cell / 2f, top + Cell / 2f - 6, column, row);
            canvas.DrawText(agent.Value(cell).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture), left + Cell / 2f, top + Cell - 5, SKTextAlign.Center, font, text);
        }
    }

    private CellKind Kind(int cell) => world switch
    {
        FrozenLake lake => lake.Kind(cell) switch { 'H' => CellKind.Bad, 'G' => CellKind.Goal, 'S' => CellKind.Start, _ => CellKind.Free },
        CliffWalking cliff when cliff.IsCliff(cell) => CellKind.Bad,
        _ when cell == world.CellCount - 1 => CellKind.Goal,
        _ => cell == world.StartCell ? CellKind.Start : CellKind.Free,
    };

    private static void Arrow(SKCanvas canvas, SKPaint paint, float x, float y, int dx, int dy)
    {
        const float Barb = 5;
        float endX = x + dx * ArrowLength / 2, endY = y + dy * ArrowLength / 2;
        canvas.DrawLine(x - dx * ArrowLength / 2, y - dy * ArrowLength / 2, endX, endY, paint);
        canvas.DrawLine(endX, endY, endX - Barb * (dx + dy), endY - Barb * (dy + dx), paint);
        canvas.DrawLine(endX, endY, endX - Barb * (dx - dy), endY - Barb * (dy - dx), paint);
    }

    private enum CellKind { Free, Start, Bad, Goal }
}
