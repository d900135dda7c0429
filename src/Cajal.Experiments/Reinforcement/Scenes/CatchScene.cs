using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>The picture that the agent sees, enlarged.</summary>
internal sealed class CatchScene(Catch environment) : Drawing(Catch.Side * Cell, Catch.Side * Cell)
{
    private const int Cell = 16;
    private readonly int row = (int)environment.State[0], column = (int)environment.State[1], paddle = (int)environment.State[3];

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(Ink.Pale);
        using var ball = Ink.Fill(Ink.Orange);
        using var bar = Ink.Fill(Ink.Blue);
        canvas.DrawRect((paddle - 1) * Cell, (Catch.Side - 1) * Cell, 3 * Cell, Cell, bar);
        canvas.DrawRect(column * Cell, row * Cell, Cell, Cell, ball);
    }
}
