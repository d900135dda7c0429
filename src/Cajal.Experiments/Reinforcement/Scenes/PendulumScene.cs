using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>The pendulum around its pivot.</summary>
internal sealed class PendulumScene(Pendulum environment) : Drawing(160, 160)
{
    private const float PixelsPerMetre = 62;
    private readonly double angle = environment.State[0];

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(Ink.Paper);
        using var rod = Ink.Stroke(Ink.Blue, 9);
        using var pivot = Ink.Fill(Ink.Orange);
        float x = Width / 2f, y = Height / 2f;
        canvas.DrawLine(x, y, x + PixelsPerMetre * (float)Math.Sin(angle), y - PixelsPerMetre * (float)Math.Cos(angle), rod);
        canvas.DrawCircle(x, y, 6, pivot);
    }
}
