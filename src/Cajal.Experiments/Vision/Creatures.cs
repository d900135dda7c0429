namespace Cajal.Experiments;

/// <summary>
/// Simulated four-legged creatures of every build, running from left to right, with the places of eight points. Each has a bent trunk of its own length and girth, legs of one to three parts of any
/// length, a tail, and a head of its own size. From them the network learns what bodies look like before it meets <see cref="AnimalFigures"/>.
/// </summary>
internal static class Creatures
{
    /// <summary>Names of the points. Left and right are the creature's own.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tip of the head", "front of the trunk", "back of the trunk", "end of the tail", "left fore foot", "right fore foot", "left hind foot", "right hind foot"];

    /// <summary>Renders images; the same seed gives the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="side">Rows and columns.</param>
    /// <param name="seed">Where its chance comes from.</param>
    /// <returns>Images [N, 1, side, side] and points [N, 8, 2], x and y in pixels.</returns>
    public static TensorDataset Render(int count, int side, int seed)
    {
        int plane = side * side;
        var images = new float[count * plane];
        var points = new float[count * Names.Count * 2];
        var series = new Generator((ulong)seed, stream: 7);
        for (int n = 0; n < count; n++)
        {
            var canvas = new GreyCanvas(side, side, series.Split((ulong)n));
            double skin = Ground.Paint(canvas, side);
            var build = Build(canvas, side);
            foreach (var (joints, radiusFrom, radiusTo) in build.Parts) canvas.Paint(Shape(side, joints, radiusFrom, radiusTo), skin + canvas.Draw(-0.06, 0.06));
            Ground.Finish(canvas);
            canvas.Pixels.CopyTo(images, n * plane);
            for (int p = 0; p < Names.Count; p++) (points[(n * Names.Count + p) * 2], points[(n * Names.Count + p) * 2 + 1]) = ((float)build.Points[p].X, (float)build.Points[p].Y);
        }
        return new(Tensor.From(images, count, 1, side, side), Tensor.From(points, count, Names.Count, 2));
    }

    /// <summary>A creature at a place where all its points are in the frame, if it fits.</summary>
    private static Body Build(GreyCanvas canvas, int side)
    {
        const double Margin = 2;
        double heading = canvas.Draw(-AnimalFigures.MostTurn, AnimalFigures.MostTurn), girth = canvas.Draw(1.8, 4);
        var trunk = Chain(canvas, (0, 0), heading, parts: (int)canvas.Draw(1, 4), length: (5, 9), bend: 0.5);
        double front = Math.Atan2(trunk[^1].Y - trunk[^2].Y, trunk[^1].X - trunk[^2].X);
        var parts = new List<(List<(double X, double Y)> Joints, double From, double To)>();
        foreach (bool fore in new[] { true, false })
        {
            foreach (int sideways in new[] { -1, 1 })
            {
                var leg = Chain(canvas, fore ? trunk[^1] : trunk[0], (fore ? front : heading) + sideways * canvas.Draw(0.9, 2.2), parts: (int)canvas.Draw(1, 4), length: (3, 6), bend: 1);
                parts.Add((leg, canvas.Draw(1, 1.9), canvas.Draw(0.8, 1.3)));
            }
        }
        parts.Add((Chain(canvas, trunk[0], heading + Math.PI + canvas.Draw(-0.5, 0.5), parts: (int)canvas.Draw(1, 4), length: (4, 7), bend: 0.7), girth * 0.7, canvas.Draw(0.6, 1)));
        parts.Add((trunk, girth, girth * canvas.Draw(0.7, 1.2)));
        parts.Add((Chain(canvas, trunk[^1], front + canvas.Draw(-0.6, 0.6), parts: 1, length: (5, 11), bend: 0), girth * canvas.Draw(0.6, 1.2), canvas.Draw(0.8, 2)));
        (double X, double Y)[] points = [parts[6].Joints[^1], trunk[^1], trunk[0], parts[4].Joints[^1], .. parts.Take(4).Select(leg => leg.Joints[^1])];
        double moveX = Free(points.Min(p => p.X), points.Max(p => p.X)), moveY = Free(points.Min(p => p.Y), points.Max(p => p.Y));
        return new(Array.ConvertAll(points, Moved), [.. parts.Select(part => (part.Joints.ConvertAll(Moved), part.From, part.To))]);

        (double X, double Y) Moved((double X, double Y) p) => (p.X + moveX, p.Y + moveY);

        double Free(double least, double most) => canvas.Draw(Margin - least, Math.Max(Margin - least, side - Margin - most) + 1e-9);
    }

    /// <summary>Joints one after the other, from a place on; the direction changes at each.</summary>
    private static List<(double X, double Y)> Chain(GreyCanvas canvas, (double X, double Y) start, double direction, int parts, (double Least, double Most) length, double bend)
    {
        var joints = new List<(double X, double Y)> { start };
        for (int part = 0; part < parts; part++)
        {
            joints.Add(Ground.From(joints[^1], direction, canvas.Draw(length.Least, length.Most)));
            direction += canvas.Draw(-bend, bend);
        }
        return joints;
    }

    private static float[] Shape(int side, List<(double X, double Y)> joints, double radiusFrom, double radiusTo)
    {
        var shape = new Coverage(side, side);
        double Radius(int joint) => double.Lerp(radiusFrom, radiusTo, (double)joint / (joints.Count - 1));
        for (int i = 1; i < joints.Count; i++) shape.AddRod(joints[i - 1], joints[i], Radius(i - 1), Radius(i));
        return shape.Values;
    }

    /// <summary>The points, and the parts with their joints and radii.</summary>
    private sealed record Body((double X, double Y)[] Points, IReadOnlyList<(List<(double X, double Y)> Joints, double From, double To)> Parts);
}
