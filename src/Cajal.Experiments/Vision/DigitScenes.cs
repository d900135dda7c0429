using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What scenes of digits look like.</summary>
/// <param name="Side">Rows and columns of a scene.</param>
/// <param name="LeastDigits">A scene has at least so many digits.</param>
/// <param name="MostDigits">And at most so many, or fewer where no room is left.</param>
/// <param name="LeastSize">Side of the smallest digit's box of 28 x 28 pixels, after it was scaled.</param>
/// <param name="MostSize">The same for the largest.</param>
/// <param name="Pieces">How many pieces of other digits lie about.</param>
internal sealed record SceneStyle(int Side, int LeastDigits, int MostDigits, double LeastSize, double MostSize, int Pieces);

/// <summary>A scene: image, class of every pixel (0, or 1 + digit), and a box around every digit.</summary>
/// <param name="Image">[side x side], 0 to 1.</param>
/// <param name="Classes">[side x side].</param>
/// <param name="Boxes">The smallest boxes around the digits.</param>
internal sealed record DigitScene(float[] Image, long[] Classes, IReadOnlyList<LabelledBox> Boxes);

/// <summary>
/// Composes scenes of handwritten digits on clutter, after the cluttered MNIST of Mnih et al. (2014): digits of several sizes on an uneven, textured, noisy background with pieces of other digits
/// about.
/// </summary>
/// <param name="digits">Where digits come from: inputs [N, 1, 28, 28].</param>
/// <param name="style">What scenes look like.</param>
internal sealed class DigitScenes(Dataset digits, SceneStyle style)
{
    private const int DigitSide = 28, PieceSide = 8, Attempts = 20;

    /// <summary>From this ink on, a pixel belongs to its digit.</summary>
    private const float InkOfDigit = 0.5f;

    /// <summary>A byte per pixel, as the files have it: a quarter of the memory.</summary>
    private readonly byte[] ink = ReadInk(digits);

    private readonly int[] labels = digits.Labels.ToArray();

    /// <summary>What scenes look like.</summary>
    public SceneStyle Style => style;

    /// <summary>Composes scenes as a pure function of the seed.</summary>
    public DigitScene[] Compose(int count, int seed)
    {
        var series = new Generator((ulong)seed, stream: 3);
        return [.. Enumerable.Range(0, count).Select(n => Compose(series.Split((ulong)n)))];
    }

    /// <summary>Composes one scene.</summary>
    public DigitScene Compose(Generator random)
    {
        var canvas = new GreyCanvas(style.Side, style.Side, random);
        canvas.Fill(canvas.Draw(0.1, 0.35));
        canvas.AddTexture(style.Side / 4.0, 0.06);
        canvas.AddTexture(4, 0.04);
        for (int i = 0; i < style.Pieces; i++) AddPiece(canvas, random);
        var classes = new long[style.Side * style.Side];
        var boxes = new List<LabelledBox>();
        for (int wanted = style.LeastDigits + random.NextInt(style.MostDigits - style.LeastDigits + 1); wanted > 0; wanted--) AddDigit(canvas, random, classes, boxes);
        canvas.Light(0.25);
        canvas.Expose(0.06);
        return new(canvas.Pixels, classes, boxes);
    }

    private static byte[] ReadInk(Dataset digits)
    {
        var ink = new byte[digits.Count * DigitSide * DigitSide];
        int at = 0;
        foreach (var batch in new DataLoader(digits, 256))
        {
            foreach (float value in batch.Inputs.ToArray<float>()) ink[at++] = (byte)MathF.Round(Math.Clamp(value, 0, 1) * byte.MaxValue);
        }
        return ink;
    }

    private static double Level(GreyCanvas canvas) => canvas.Draw(0.7, 1);

    /// <summary>A digit at a place where it hides no other; left out if none is found.</summary>
    private void AddDigit(GreyCanvas canvas, Generator random, long[] classes, List<LabelledBox> boxes)
    {
        int digit = random.NextInt(labels.Length);
        double scale = canvas.Draw(style.LeastSize, style.MostSize) / DigitSide;
        var own = InkBox(digit);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            float width = (float)(own.Width * scale), height = (float)(own.Height * scale);
            float left = (float)canvas.Draw(1, style.Side - 1 - width), top = (float)canvas.Draw(1, style.Side - 1 - height);
            var box = new Box(left, top, left + width, top + height);
            if (boxes.Exists(other => Meets(other.Box, box))) continue;
            float[] shape = Scaled(digit, own, box);
            canvas.Paint(shape, Level(canvas));
            for (int i = 0; i < shape.Length; i++)
            {
                if (shape[i] > InkOfDigit) classes[i] = 1 + labels[digit];
            }
            boxes.Add(new(box, labels[digit]));
            return;
        }
    }

    private void AddPiece(GreyCanvas canvas, Generator random)
    {
        int digit = random.NextInt(labels.Length), from = random.NextInt(DigitSide - PieceSide), fromRow = random.NextInt(DigitSide - PieceSide);
        float left = (float)canvas.Draw(0, style.Side - PieceSide), top = (float)canvas.Draw(0, style.Side - PieceSide);
        canvas.Paint(Scaled(digit, new(from, fromRow, from + PieceSide, fromRow + PieceSide), new(left, top, left + PieceSide, top + PieceSide)), Level(canvas));
    }

    /// <summary>Whether boxes, with a margin of a pixel, have anything in common.</summary>
    private static bool Meets(Box a, Box b) => a.Left < b.Right + 1 && b.Left < a.Right + 1 && a.Top < b.Bottom + 1 && b.Top < a.Bottom + 1;

    /// <summary>The smallest box around a digit's ink, in its own pixels.</summary>
    private Box InkBox(int digit)
    {
        int left = DigitSide, top = DigitSide, right = 0, bottom = 0;
        for (int i = 0; i < DigitSide * DigitSide; i++)
        {
            if (ink[digit * DigitSide * DigitSide + i] <= InkOfDigit * byte.MaxValue) continue;
            (left, right) = (Math.Min(left, i % DigitSide), Math.Max(right, i % DigitSide + 1));
            (top, bottom) = (Math.Min(top, i / DigitSide), Math.Max(bottom, i / DigitSide + 1));
        }
        return left < right ? new(left, top, right, bottom) : new(0, 0, DigitSide, DigitSide);
    }

    /// <summary>The ink of one part of a digit brought to a place in the scene, by linear interpolation.</summary>
    private float[] Scaled(int digit, Box source, Box place)
    {
        var shape = new float[style.Side * style.Side];
        float scaleX = source.Width / place.Width, scaleY = source.Height / place.Height;
        for (int row = Math.Max(0, (int)place.Top); row < Math.Min(style.Side, place.Bottom); row++)
        {
            for (int column = Math.Max(0, (int)place.Left); column < Math.Min(style.Side, place.Right); column++)
            {
                float x = column + 0.5f - place.Left, y = row + 0.5f - place.Top;
                if (x >= 0 && y >= 0 && x < place.Width && y < place.Height) shape[row * style.Side + column] = InkAt(digit, source.Left + x * scaleX - 0.5f, source.Top + y * scaleY - 0.5f);
            }
        }
        return shape;
    }

    private float InkAt(int digit, float x, float y)
    {
        int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
        float across = x - left, down = y - top;
        return float.Lerp(float.Lerp(At(left, top), At(left + 1, top), across), float.Lerp(At(left, top + 1), At(left + 1, top + 1), across), down);

        float At(int column, int row) => (uint)column < DigitSide && (uint)row < DigitSide ? ink[(digit * DigitSide + row) * DigitSide + column] / (float)byte.MaxValue : 0;
    }
}
