using System.Runtime.InteropServices;
using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>Drawings shown one after another, again and again, as a GIF.</summary>
/// <param name="framesPerSecond">How fast, from 1 to 50.</param>
public sealed class Animation(int framesPerSecond)
{
    private readonly int framesPerSecond = framesPerSecond is >= 1 and <= 50 ? framesPerSecond
        : throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond, "Animation: from 1 to 50 frames per second can be shown.");

    private readonly List<uint[]> frames = [];

    /// <summary>Width in pixels; 0 while there is no frame.</summary>
    public int Width { get; private set; }

    /// <summary>Height in pixels; 0 while there is no frame.</summary>
    public int Height { get; private set; }

    /// <summary>Frames so far.</summary>
    public int Count => frames.Count;

    /// <summary>Adds a frame.</summary>
    /// <exception cref="ArgumentException">It is not as large as the first.</exception>
    public void Add(Drawing drawing)
    {
        if (frames.Count == 0) (Width, Height) = (drawing.Width, drawing.Height);
        if ((Width, Height) != (drawing.Width, drawing.Height))
            throw new ArgumentException($"Animation: all frames must be {Width} x {Height} pixels, but this one is {drawing.Width} x {drawing.Height}.", nameof(drawing));
        var format = new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(format);
        using (var canvas = new SKCanvas(bitmap)) drawing.Draw(canvas);
        frames.Add(MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan()).ToArray());
    }

    /// <summary>Writes it as GIF89a. Colours are kept exactly while there are at most 256 in all frames together; beyond that like ones are joined.</summary>
    /// <exception cref="InvalidOperationException">There is no frame.</exception>
    public void WriteGif(Stream stream)
    {
        if (frames.Count == 0) throw new InvalidOperationException("Animation: there is nothing to write; Add a frame first.");
        GifWriter.Write(stream, frames, Width, Height, (100 + framesPerSecond / 2) / framesPerSecond);
    }
}
