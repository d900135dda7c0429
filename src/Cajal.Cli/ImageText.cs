using System.Text;

namespace Cajal.Cli;

/// <summary>Draws a small grey image with characters: two pixel rows to a line, so that pixels come out square.</summary>
internal static class ImageText
{
    private const string Shades = " .:-=+*#%@";

    internal static string Draw(Tensor image)
    {
        int height = image.Shape[^2], width = image.Shape[^1];
        var pixels = image.ToArray<float>();
        var text = new StringBuilder();
        for (int row = 0; row < height; row += 2)
        {
            text.Append("  ");
            for (int column = 0; column < width; column++)
            {
                float below = row + 1 < height ? pixels[(row + 1) * width + column] : 0, grey = (pixels[row * width + column] + below) / 2;
                text.Append(Shades[(int)(Math.Clamp(grey, 0, 1) * (Shades.Length - 1))]);
            }
            text.Append('\n');
        }
        return text.ToString();
    }
}
