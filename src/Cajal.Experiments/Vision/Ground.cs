namespace Cajal.Experiments;

/// <summary>What simulated animals stand on: textured, strewn with sticks as bright as they are, in light that falls from one side.</summary>
internal static class Ground
{
    /// <summary>Paints it.</summary>
    /// <returns>A brightness for the animal's skin, clearly above or below that of the ground.</returns>
    public static double Paint(GreyCanvas canvas, int side)
    {
        double ground = canvas.Draw(0.25, 0.75), skin = ground + (ground < 0.5 ? 1 : -1) * canvas.Draw(0.25, 0.45);
        canvas.Fill(ground);
        canvas.AddTexture(side / 4.0, 0.08);
        canvas.AddTexture(5, 0.06);
        for (int sticks = (int)canvas.Draw(2, 7); sticks > 0; sticks--)
        {
            (double X, double Y) from = (canvas.Draw(0, side), canvas.Draw(0, side));
            var stick = new Coverage(side, side);
            stick.AddRod(from, From(from, canvas.Draw(0, 2 * Math.PI), canvas.Draw(6, 20)), canvas.Draw(0.8, 1.8), canvas.Draw(0.8, 1.8));
            canvas.Paint(stick.Values, double.Lerp(ground, skin, canvas.Draw(0.5, 1)));
        }
        return skin;
    }

    /// <summary>Lets light fall and takes the photograph.</summary>
    public static void Finish(GreyCanvas canvas)
    {
        canvas.Light(0.5);
        canvas.Expose(0.05);
    }

    /// <summary>The place at this distance from another in this direction, in radians.</summary>
    public static (double X, double Y) From((double X, double Y) place, double direction, double length) => (place.X + length * Math.Cos(direction), place.Y + length * Math.Sin(direction));
}
