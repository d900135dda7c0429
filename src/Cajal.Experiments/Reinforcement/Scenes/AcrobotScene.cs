using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>The two links under their pivot, and the line that the tip must pass.</summary>
internal sealed class AcrobotScene(Acrobot environment) : Drawing(200, 200)
{
    private const float PixelsPerMetre = 45;
    private readonly double first = environment.State[0], second = environment.State[0] + environment.State[1];

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(Ink.Paper);
        using var goal = Ink.Stroke(Ink.Green, 1.5f);
        using var links = Ink.Stroke(Ink.Blue, 8);
        using var joints = Ink.Fill(Ink.Orange);
        var pivot = new SKPoint(Width / 2f, Height / 2f);
        canvas.DrawLine(0, pivot.Y - PixelsPerMetre, Width, pivot.Y - PixelsPerMetre, goal);
        SKPoint elbow = End(pivot, first), tip = End(elbow, second);
        canvas.DrawLine(pivot, elbow, links);
        canvas.DrawLine(elbow, tip, links);
        canvas.DrawCircle(pivot, 5, joints);
        canvas.DrawCircle(elbow, 5, joints);
    }

    /// <summary>One metre on, at an angle against hanging down.</summary>
    private static SKPoint End(SKPoint start, double angle) => new(start.X + PixelsPerMetre * (float)Math.Sin(angle), start.Y + PixelsPerMetre * (float)Math.Cos(angle));
}
