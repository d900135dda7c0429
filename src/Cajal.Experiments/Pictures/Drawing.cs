using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>Something drawn, as PNG or SVG.</summary>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
public abstract class Drawing(int width, int height)
{
    /// <summary>Width in pixels.</summary>
    public int Width { get; } = width;

    /// <summary>Height in pixels.</summary>
    public int Height { get; } = height;

    /// <summary>Writes it as PNG.</summary>
    public void WritePng(Stream stream)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height));
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        data.SaveTo(stream);
    }

    /// <summary>Writes it as SVG.</summary>
    public void WriteSvg(Stream stream)
    {
        // The canvas writes its end when it is disposed, and closes what it wrote to.
        using var buffer = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), buffer)) Draw(canvas);
        stream.Write(buffer.ToArray());
    }

    /// <summary>Draws it whole, the background included.</summary>
    protected internal abstract void Draw(SKCanvas canvas);
}
