namespace Cajal.Experiments;

/// <summary>
/// Simulated four-legged creatures of every build, running from left to right, with the class of every pixel: ground, trunk, head, tail, and which leg. Each has a bent trunk of its own length and
/// girth, legs of one to three parts of any length, perhaps a tail, perhaps a head. From them the network learns what bodies look like before it meets <see cref="AnimalFigures"/>, where it is asked
/// something else.
/// </summary>
internal static class Creatures
{
    /// <summary>Names of the classes.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["ground", "left fore leg", "right fore leg", "left hind leg", "right hind leg", "tail", "trunk", "head"];

    /// <summary>Renders images; the same seed gives the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="side">Rows and columns.</param>
    /// <param name="seed">Where its chance comes from.</param>
    /// <returns>Images [N, 1, side, side] and classes [N, side, side].</returns>
    public static TensorDataset Render(int count, int side, int seed)
    {
        int plane = side * side;
        var images = new float[count * plane];
        var classes = new long[count * plane];
        var series = new Generator((ulong)seed, stream: 7);
        for (int n = 0; n < count; n++)
        {
            var canvas = new GreyCanvas(side, side, series.Split((ulong)n));
            double skin = Ground.Paint(canvas, side);
            AddCreature(canvas, side, skin, classes.AsSpan(n * plane, plane));
            Ground.Finish(canvas);
            canvas.Pixels.CopyTo(images, n * plane);
        }
        return new(Tensor.From(images, count, 1, side, side), Tensor.From(classes, count, side, side), new("creatures", LearningTask.Classification) { Classes = Classes });
    }

    private static void AddCreature(GreyCanvas canvas, int side, double skin, Span<long> classes)
    {
        (double X, double Y) start = (canvas.Draw(0.2, 0.5) * side, canvas.Draw(0.25, 0.75) * side);
        double heading = canvas.Draw(-AnimalFigures.MostTurn, AnimalFigures.MostTurn), girth = canvas.Draw(1.8, 4.5);
        var trunk = Chain(canvas, start, heading, parts: (int)canvas.Draw(1, 4), length: (6, 11), bend: 0.5);
        double front = Math.Atan2(trunk[^1].Y - trunk[^2].Y, trunk[^1].X - trunk[^2].X);
        var shapes = new List<Coverage>();
        foreach (bool fore in new[] { true, false })
        {
            foreach (int sideways in new[] { -1, 1 })
            {
                var (from, to) = fore ? (trunk[^1], trunk[^2]) : (trunk[0], trunk[1]);
                double along = canvas.Draw(0, 0.3);
                var leg = Chain(canvas, (double.Lerp(from.X, to.X, along), double.Lerp(from.Y, to.Y, along)), (fore ? front : heading) + sideways * canvas.Draw(0.9, 2.2), parts: (int)canvas.Draw(1, 4), length: (3, 8), bend: 1);
                shapes.Add(Shape(side, leg, canvas.Draw(1, 1.9), canvas.Draw(0.8, 1.3)));
            }
        }
        var tail = Chain(canvas, start, heading + Math.PI + canvas.Draw(-0.5, 0.5), parts: (int)canvas.Draw(0, 4), length: (4, 9), bend: 0.7);
        shapes.Add(Shape(side, tail, girth * 0.7, canvas.Draw(0.6, 1)));
        shapes.Add(Shape(side, trunk, girth, girth * canvas.Draw(0.7, 1.2)));
        var head = new Coverage(side, side);
        if (canvas.Draw(0, 1) < 0.9)
        {
            double radius = canvas.Draw(2.5, 5.5), look = front + canvas.Draw(-0.6, 0.6);
            head.AddEllipse(Ground.From(trunk[^1], look, radius + 1), radius, radius * canvas.Draw(0.5, 1), look);
        }
        shapes.Add(head);
        for (int shape = 0; shape < shapes.Count; shape++)
        {
            canvas.Paint(shapes[shape].Values, skin + canvas.Draw(-0.06, 0.06));
            for (int i = 0; i < classes.Length; i++)
            {
                if (shapes[shape].Values[i] > 0.5) classes[i] = 1 + shape;
            }
        }
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

    private static Coverage Shape(int side, List<(double X, double Y)> joints, double radiusFrom, double radiusTo)
    {
        var shape = new Coverage(side, side);
        double Radius(int joint) => double.Lerp(radiusFrom, radiusTo, (double)joint / (joints.Count - 1));
        for (int i = 1; i < joints.Count; i++) shape.AddRod(joints[i - 1], joints[i], Radius(i - 1), Radius(i));
        return shape;
    }
}
