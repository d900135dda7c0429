using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>Many small images side by side: samples, filters, reconstructions.</summary>
public sealed class ImageGrid : Drawing
{
    private const int Gap = 4, CaptionHeight = 14, CaptionSize = 11;
    private readonly SKBitmap[] tiles;
    private readonly IReadOnlyList<string>? captions;
    private readonly int columns, tileWidth, tileHeight;

    private ImageGrid(SKBitmap[] tiles, int columns, int tileWidth, int tileHeight, IReadOnlyList<string>? captions)
        : base(Gap + columns * (tileWidth + Gap), Gap + (tiles.Length + columns - 1) / columns * RowHeight(tileHeight, captions)) =>
        (this.tiles, this.columns, this.tileWidth, this.tileHeight, this.captions) = (tiles, columns, tileWidth, tileHeight, captions);

    /// <summary>Arranges images row by row.</summary>
    /// <param name="images">[N, 1, H, W] in grey or [N, 3, H, W] in colour.</param>
    /// <param name="columns">Images per row.</param>
    /// <param name="scale">Pixels on the screen for one of the image.</param>
    /// <param name="range">Black and white; null: each image's own least and greatest value, which suits filters.</param>
    /// <param name="captions">One below each image, or null.</param>
    /// <exception cref="ShapeException">The images have other axes.</exception>
    public static ImageGrid Of(Tensor images, int columns, int scale = 2, (double Black, double White)? range = null, IReadOnlyList<string>? captions = null)
    {
        if (images.Shape.Rank != 4 || images.Shape[1] is not (1 or 3)) throw new ShapeException($"ImageGrid: images must be [N, 1, H, W] or [N, 3, H, W], but are {images.Shape}.");
        int count = images.Shape[0], channels = images.Shape[1], height = images.Shape[2], width = images.Shape[3], size = channels * height * width;
        float[] values = images.Detach().Cast(DType.Float32).ToArray<float>();
        var tiles = new SKBitmap[count];
        for (int n = 0; n < count; n++) tiles[n] = Tile(values.AsSpan(n * size, size), channels, height, width, range);
        return new(tiles, Math.Min(columns, count), width * scale, height * scale, captions);
    }

    private static int RowHeight(int tileHeight, IReadOnlyList<string>? captions) => tileHeight + Gap + (captions is null ? 0 : CaptionHeight);

    private static SKBitmap Tile(ReadOnlySpan<float> values, int channels, int height, int width, (double Black, double White)? range)
    {
        double black = range?.Black ?? values[0], white = range?.White ?? values[0];
        if (range is null)
        {
            foreach (float value in values) (black, white) = (Math.Min(black, value), Math.Max(white, value));
        }
        double scale = white > black ? 255 / (white - black) : 0;
        var bitmap = new SKBitmap(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                byte red = Level(values[y * width + x]);
                bitmap.SetPixel(x, y, channels == 1 ? new SKColor(red, red, red) : new SKColor(red, Level(values[(height + y) * width + x]), Level(values[(2 * height + y) * width + x])));
            }
        }
        return bitmap;

        byte Level(float value) => (byte)Math.Clamp(Math.Round((value - black) * scale), 0, 255);
    }

    /// <inheritdoc/>
    protected internal override void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        using var font = new SKFont(SKTypeface.FromFamilyName(Chart.FontName), CaptionSize);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        for (int i = 0; i < tiles.Length; i++)
        {
            float left = Gap + i % columns * (tileWidth + Gap), top = Gap + i / columns * RowHeight(tileHeight, captions);
            using var image = SKImage.FromBitmap(tiles[i]);
            canvas.DrawImage(image, SKRect.Create(left, top, tileWidth, tileHeight), new SKSamplingOptions(SKFilterMode.Nearest));
            if (captions is not null && i < captions.Count) canvas.DrawText(captions[i], left + tileWidth / 2f, top + tileHeight + CaptionSize, SKTextAlign.Center, font, ink);
        }
    }
}
