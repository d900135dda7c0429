using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>The cart on its track of ±2.4 m, and the pole.</summary>
internal sealed class CartPoleScene(CartPole environment) : Drawing(300, 150)
{
    private const float PixelsPerMetre = 60, Ground = 130, CartWidth = 44, CartHeight = 20, PoleMetres = 1.4f;
    private readonly double position = environment.State[0], angle = environment.State[2];

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(Ink.Paper);
        using var line = Ink.Stroke(Ink.Line, 1.5f);
        using var cart = Ink.Fill(Ink.Blue);
        using var pole = Ink.Stroke(Ink.Orange, 7);
        float x = Width / 2f + PixelsPerMetre * (float)position, top = Ground - CartHeight, limit = PixelsPerMetre * (float)CartPole.PositionLimit;
        canvas.DrawLine(0, Ground, Width, Ground, line);
        foreach (float end in new[] { Width / 2f - limit, Width / 2f + limit }) canvas.DrawLine(end, Ground - 6, end, Ground + 6, line);
        canvas.DrawRoundRect(x - CartWidth / 2, top, CartWidth, CartHeight, 3, 3, cart);
        float length = PoleMetres * PixelsPerMetre;
        canvas.DrawLine(x, top, x + length * (float)Math.Sin(angle), top - length * (float)Math.Cos(angle), pole);
    }
}
