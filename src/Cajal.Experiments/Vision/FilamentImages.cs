namespace Cajal.Experiments;

/// <summary>
/// Simulated images of a fluorescence microscope, with the class of every pixel: 0 background, 1 filament, 2 cell. One to three elliptic cells with brighter rims lie under two to four thin
/// curved filaments. The background is uneven, blurred filaments out of focus belong to it, and every pixel is noisy.
/// </summary>
internal static class FilamentImages
{
    /// <summary>Names of the classes.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["background", "filament", "cell"];

    private const int Steps = 40;

    /// <summary>Renders images; the same seed gives the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="side">Rows and columns.</param>
    /// <param name="seed">Where its chance comes from.</param>
    /// <param name="part">Number of an independent series: training, validation, test.</param>
    /// <returns>Images [N, 1, side, side] and classes [N, side, side].</returns>
    public static TensorDataset Render(int count, int side, int seed, int part)
    {
        int plane = side * side;
        var images = new float[count * plane];
        var classes = new long[count * plane];
        var series = new Generator((ulong)seed).Split((ulong)part);
        for (int n = 0; n < count; n++) RenderOne(side, series.Split((ulong)n), images.AsSpan(n * plane, plane), classes.AsSpan(n * plane, plane));
        return new(Tensor.From(images, count, 1, side, side), Tensor.From(classes, count, side, side), new("filaments", LearningTask.Classification) { Classes = Classes });
    }

    private static void RenderOne(int side, Generator random, Span<float> image, Span<long> classes)
    {
        var canvas = new GreyCanvas(side, side, random);
        canvas.Fill(canvas.Draw(0.1, 0.25));
        canvas.AddTexture(side / 3.0, 0.05);
        for (int ghosts = random.NextInt(3); ghosts > 0; ghosts--) canvas.Paint(Filament(side, canvas, canvas.Draw(3, 5)).Values, canvas.Draw(0.3, 0.5), opacity: 0.25);
        for (int cells = 1 + random.NextInt(3); cells > 0; cells--) AddCell(side, canvas, classes);
        for (int filaments = 2 + random.NextInt(3); filaments > 0; filaments--)
        {
            var filament = Filament(side, canvas, canvas.Draw(1.4, 2.1));
            canvas.Paint(filament.Values, canvas.Draw(0.6, 0.9));
            Mark(filament, 1, classes);
        }
        canvas.Light(0.2);
        canvas.Expose(0.09);
        canvas.Pixels.CopyTo(image);
    }

    private static void AddCell(int side, GreyCanvas canvas, Span<long> classes)
    {
        (double X, double Y) middle = (canvas.Draw(0.1, 0.9) * side, canvas.Draw(0.1, 0.9) * side);
        double radius = canvas.Draw(6, 10), other = radius * canvas.Draw(0.7, 1), angle = canvas.Draw(0, Math.PI), level = canvas.Draw(0.35, 0.5);
        Coverage whole = new(side, side), inside = new(side, side);
        whole.AddEllipse(middle, radius, other, angle);
        inside.AddEllipse(middle, radius - 1.5, other - 1.5, angle);
        canvas.Paint(whole.Values, level + 0.2);
        canvas.Paint(inside.Values, level);
        Mark(whole, 2, classes);
    }

    /// <summary>A curve that enters at a random place and turns a little at every step.</summary>
    private static Coverage Filament(int side, GreyCanvas canvas, double radius)
    {
        var shape = new Coverage(side, side);
        double x = canvas.Draw(0.1, 0.9) * side, y = canvas.Draw(0.1, 0.9) * side, direction = canvas.Draw(0, 2 * Math.PI), bend = canvas.Draw(-0.06, 0.06);
        double step = canvas.Draw(0.6, 1.4) * side / Steps;
        for (int i = 0; i < Steps; i++)
        {
            direction += bend + canvas.Draw(-0.08, 0.08);
            var next = (X: x + step * Math.Cos(direction), Y: y + step * Math.Sin(direction));
            shape.AddRod((x, y), next, radius, radius);
            (x, y) = next;
        }
        return shape;
    }

    private static void Mark(Coverage shape, long label, Span<long> classes)
    {
        for (int i = 0; i < classes.Length; i++)
        {
            if (shape.Values[i] > 0.5) classes[i] = label;
        }
    }
}
