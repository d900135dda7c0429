namespace Cajal;

/// <summary>A picture as bytes.</summary>
/// <param name="Pixels">[H, W, C], row-major, 0 to 255.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
public sealed record DecodedImage(byte[] Pixels, int Height, int Width, int Channels)
{
    /// <summary>Values in [0, 1], channels first: [C, H, W].</summary>
    public float[] ToPlanes()
    {
        var planes = new float[Pixels.Length];
        int plane = Height * Width;
        for (int p = 0, at = 0; p < plane; p++)
        {
            for (int c = 0; c < Channels; c++)
            {
                planes[c * plane + p] = Pixels[at++] / 255f;
            }
        }
        return planes;
    }
}

/// <summary>Turns an image file into pixels. The package Cajal.Images has one for PNG, JPEG and BMP.</summary>
public interface IImageDecoder
{
    /// <summary>File endings it reads, lower case, with the point.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Decodes a file to grey (1) or RGB (3). Must be safe to call from several threads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">1 or 3.</param>
    /// <exception cref="InvalidDataException">The file is damaged, of an unknown kind, or too large.</exception>
    DecodedImage Decode(string path, int channels);
}
