using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>What is drawn over one image. Places are in the image's pixels; the middle of the first is (0.5, 0.5).</summary>
/// <param name="Caption">Below the image.</param>
public sealed record Annotation(string Caption = "")
{
    /// <summary>Class of every pixel, [H x W]; pixels above 0 are tinted in the colour of their class.</summary>
    public IReadOnlyList<long> Mask { get; init; } = [];

    /// <summary>Boxes with what is written beside them.</summary>
    public IReadOnlyList<(float Left, float Top, float Right, float Bottom, string Text, int Colour)> Boxes { get; init; } = [];

    /// <summary>Points.</summary>
    public IReadOnlyList<(float X, float Y)> Points { get; init; } = [];

    /// <summary>Crosses, for where points should be.</summary>
    public IReadOnlyList<(float X, float Y)> Crosses { get; init; } = [];

    /// <summary>Pairs of <see cref="Points"/> joined by lines.</summary>
    public IReadOnlyList<(int From, int To)> Lines { get; init; } = [];
}

/// <summary>Grey images side by side with masks, boxes and key points drawn over them.</summary>
public sealed class AnnotatedGrid : Drawing
{
    private const int Gap = 6, CaptionHeight = 15, CaptionSize = 11, LabelSize = 12;
    private const byte Tint = 150;
    private readonly float[] pixels;
    private readonly IReadOnlyList<Annotation> annotations;
    private readonly int columns, scale, height, width;

    private AnnotatedGrid(float[] pixels, IReadOnlyList<Annotation> annotations, int columns, int scale, int height, int width)
        : base(Gap + columns * (width * scale + Gap), Gap + (annotations.Count + columns - 1) / columns * (height * scale + Gap + CaptionHeight)) =>
        (this.pixels, this.annotations, this.columns, this.scale, this.height, this.width) = (pixels, annotations, columns, scale, height, width);

    /// <summary>Arranges images row by row.</summary>
    /// <param name="images">[N, 1, H, W], 0 black, 1 white.</param>
    /// <param name="annotations">One for each image.</param>
    /// <param name="columns">Images per row.</param>
    /// <param name="scale">Pixels on the screen for one of the image.</param>
    /// <exception cref="ShapeException">The images have other axes, or there are more or fewer than annotations.</exception>
    public static AnnotatedGrid Of(Tensor images, IReadOnlyList<Annotation> annotations, int columns, int scale = 3)
    {
        if (images.Shape.Rank != 4 || images.Shape[1] != 1 || images.Shape[0] != annotations.Count)
            throw new ShapeException($"AnnotatedGrid: images must be [{annotations.Count}, 1, H, W], one for each annotation, but are {images.Shape}.");
        return new(images.Detach().ToArray<float>(), annotations, Math.Min(columns, annotations.Count), scale, images.Shape[2], images.Shape[3]);
    }

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        using var font = new SKFont(SKTypeface.FromFamilyName(Chart.FontName), CaptionSize);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        for (int i = 0; i < annotations.Count; i++)
        {
            float left = Gap + i % columns * (width * scale + Gap), top = Gap + i / columns * (height * scale + Gap + CaptionHeight);
            DrawImage(canvas, i, left, top);
            DrawBoxes(canvas, annotations[i], left, top);
            DrawPoints(canvas, annotations[i], left, top);
            canvas.DrawText(annotations[i].Caption, left + width * scale / 2f, top + height * scale + CaptionSize, SKTextAlign.Center, font, ink);
        }
    }

    private static SKColor Colour(int number)
    {
        var colour = Chart.Colours[number % Chart.Colours.Count];
        return new(colour.R, colour.G, colour.B);
    }

    private void DrawImage(SKCanvas canvas, int index, float left, float top)
    {
        using var bitmap = new SKBitmap(width, height);
        var mask = annotations[index].Mask;
        for (int i = 0; i < height * width; i++)
        {
            byte level = (byte)Math.Clamp(MathF.Round(pixels[index * height * width + i] * 255), 0, 255);
            var colour = new SKColor(level, level, level);
            if (mask.Count > 0 && mask[i] > 0) colour = Mixed(colour, Colour((int)mask[i]));
            bitmap.SetPixel(i % width, i / width, colour);
        }
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, SKRect.Create(left, top, width * scale, height * scale), new SKSamplingOptions(SKFilterMode.Nearest));

        static SKColor Mixed(SKColor below, SKColor above) => new(Mix(below.Red, above.Red), Mix(below.Green, above.Green), Mix(below.Blue, above.Blue));

        static byte Mix(byte below, byte above) => (byte)((below * (255 - Tint) + above * Tint) / 255);
    }

    private void DrawBoxes(SKCanvas canvas, Annotation annotation, float left, float top)
    {
        using var font = new SKFont(SKTypeface.FromFamilyName(Chart.FontName), LabelSize) { Embolden = true };
        foreach (var box in annotation.Boxes)
        {
            using var line = new SKPaint { Color = Colour(box.Colour), Style = SKPaintStyle.Stroke, StrokeWidth = 2, IsAntialias = true };
            var place = new SKRect(left + box.Left * scale, top + box.Top * scale, left + box.Right * scale, top + box.Bottom * scale);
            canvas.DrawRect(place, line);
            if (box.Text.Length == 0) continue;
            using var back = new SKPaint { Color = Colour(box.Colour) };
            using var ink = new SKPaint { Color = SKColors.White, IsAntialias = true };
            var label = SKRect.Create(place.Left - 1, place.Top - 1, font.MeasureText(box.Text) + 4, LabelSize + 2);
            canvas.DrawRect(label, back);
            canvas.DrawText(box.Text, label.Left + 2, label.Bottom - 3, SKTextAlign.Left, font, ink);
        }
    }

    private void DrawPoints(SKCanvas canvas, Annotation annotation, float left, float top)
    {
        const float Radius = 3.5f;
        using var bone = new SKPaint { Color = new SKColor(255, 255, 255, Tint), StrokeWidth = 1.5f, IsAntialias = true };
        using var rim = new SKPaint { Color = SKColors.White, IsAntialias = true };
        foreach (var (from, to) in annotation.Lines) canvas.DrawLine(At(annotation.Points[from]), At(annotation.Points[to]), bone);
        for (int p = 0; p < annotation.Points.Count; p++)
        {
            using var fill = new SKPaint { Color = Colour(p), IsAntialias = true };
            canvas.DrawCircle(At(annotation.Points[p]), Radius + 1, rim);
            canvas.DrawCircle(At(annotation.Points[p]), Radius, fill);
        }
        for (int p = 0; p < annotation.Crosses.Count; p++)
        {
            using var line = new SKPaint { Color = Colour(p), StrokeWidth = 2, IsAntialias = true };
            var place = At(annotation.Crosses[p]);
            canvas.DrawLine(place.X - Radius, place.Y - Radius, place.X + Radius, place.Y + Radius, line);
            canvas.DrawLine(place.X - Radius, place.Y + Radius, place.X + Radius, place.Y - Radius, line);
        }

        SKPoint At((float X, float Y) point) => new(left + point.X * scale, top + point.Y * scale);
    }
}
