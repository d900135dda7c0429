namespace Cajal.Experiments;

/// <summary>
/// Simulated creatures of every build, with the class of every pixel: ground, leg, tail, trunk, head. Each has a bent trunk of its own length and girth, none to eight legs of one to three parts
/// anywhere along it, perhaps a tail, perhaps a head. The network learns from them what bodies look like before it meets <see cref="AnimalFigures"/>.
/// </summary>
internal static class Creatures
{
    /// <summary>Names of the classes.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["ground", "leg", "tail", "trunk", "head"];

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
        (double X, double Y) start = (canvas.Draw(0.25, 0.75) * side, canvas.Draw(0.25, 0.75) * side);
        double heading = canvas.Draw(0, 2 * Math.PI);
        var trunk = Chain(canvas, start, heading, parts: (int)canvas.Draw(1, 4), length: (5, 10), bend: 0.5);
        Coverage legs = new(side, side), tail = new(side, side), body = new(side, side), head = new(side, side);
        for (int count = (int)canvas.Draw(0, 9); count > 0; count--)
        {
            int part = (int)canvas.Draw(1, trunk.Count);
            double along = canvas.Draw(0, 1), sideways = canvas.Draw(0, 1) < 0.5 ? -1 : 1;
            (double X, double Y) joint = (double.Lerp(trunk[part - 1].X, trunk[part].X, along), double.Lerp(trunk[part - 1].Y, trunk[part].Y, along));
            Draw(legs, Chain(canvas, joint, heading + sideways * canvas.Draw(0.6, 2.4), parts: (int)canvas.Draw(1, 4), length: (3, 8), bend: 1), canvas.Draw(1, 1.8), canvas.Draw(0.8, 1.2));
        }
        double girth = canvas.Draw(1.8, 4);
        if (canvas.Draw(0, 1) < 0.6) Draw(tail, Chain(canvas, start, heading + Math.PI + canvas.Draw(-0.5, 0.5), parts: (int)canvas.Draw(1, 4), length: (4, 8), bend: 0.7), girth * 0.7, canvas.Draw(0.6, 1));
        Draw(body, trunk, girth, girth * canvas.Draw(0.7, 1.2));
        if (canvas.Draw(0, 1) < 0.8)
        {
            double radius = canvas.Draw(2.5, 5), way = Math.Atan2(trunk[^1].Y - trunk[^2].Y, trunk[^1].X - trunk[^2].X) + canvas.Draw(-0.6, 0.6);
            head.AddEllipse(Ground.From(trunk[^1], way, radius), radius, radius * canvas.Draw(0.6, 1), way);
        }
        long label = 1;
        foreach (var shape in new[] { legs, tail, body, head })
        {
            canvas.Paint(shape.Values, skin + canvas.Draw(-0.06, 0.06));
            for (int i = 0; i < classes.Length; i++)
            {
                if (shape.Values[i] > 0.5) classes[i] = label;
            }
            label++;
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

    private static void Draw(Coverage shape, List<(double X, double Y)> joints, double radiusFrom, double radiusTo)
    {
        for (int i = 1; i < joints.Count; i++)
            shape.AddRod(joints[i - 1], joints[i], double.Lerp(radiusFrom, radiusTo, (i - 1.0) / (joints.Count - 1)), double.Lerp(radiusFrom, radiusTo, (double)i / (joints.Count - 1)));
    }
}
