using Cajal.Models;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>The valley, height sin 3p, with the car and the flag.</summary>
internal sealed class MountainCarScene(MountainCar environment) : Drawing(270, 150)
{
    private const double Left = -1.2;
    private const float PixelsPerUnit = 150, Base = 90, PixelsPerHeight = 55;
    private readonly double position = environment.State[0];

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(Ink.Paper);
        using var ground = Ink.Stroke(Ink.Line, 2);
        using var pole = Ink.Stroke(Ink.Line, 1.5f);
        using var flag = Ink.Fill(Ink.Green);
        using var car = Ink.Fill(Ink.Blue);
        using var wheel = Ink.Fill(Ink.Orange);
        for (int x = 0; x < Width; x++) canvas.DrawLine(x, Hill(x), x + 1, Hill(x + 1), ground);
        float goal = X(MountainCar.Goal), foot = Hill(goal);
        canvas.DrawLine(goal, foot, goal, foot - 28, pole);
        canvas.DrawRect(goal, foot - 28, 14, 9, flag);

        float at = X(position);
        canvas.Translate(at, Hill(at));
        canvas.RotateRadians((float)Math.Atan((Hill(at + 1) - Hill(at - 1)) / 2));
        canvas.DrawRoundRect(-13, -15, 26, 9, 3, 3, car);
        canvas.DrawCircle(-7, -5, 4, wheel);
        canvas.DrawCircle(7, -5, 4, wheel);
        canvas.ResetMatrix();
    }

    private static float X(double position) => PixelsPerUnit * (float)(position - Left);

    private static float Hill(float x) => Base - PixelsPerHeight * (float)Math.Sin(3 * (x / PixelsPerUnit + Left));
}
