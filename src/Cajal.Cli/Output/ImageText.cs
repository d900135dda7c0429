using System.Text;

namespace Cajal.Cli;

/// <summary>
/// Draws a small image with characters. With colours: two pixel rows to a line as half blocks, small images two columns and one line to a pixel. Without: shades.
/// </summary>
internal static class ImageText
{
    private const string Shades = " .:-=+*#%@";

    /// <summary>Up to this side a pixel is two columns wide and a line high, so that it can be seen.</summary>
    private const int SmallSide = 16;

    /// <summary>The 24 greys of the 256-colour palette.</summary>
    private const int FirstGrey = 232, Greys = 24;

    /// <summary>The lines of [C, H, W] in [0, 1] (colours become grey), and how many columns each takes.</summary>
    internal static (string[] Lines, int Width) Draw(Tensor image, Paint paint)
    {
        int height = image.Shape[^2], width = image.Shape[^1];
        float[] grey = (image.Rank == 3 ? image.Mean(0) : image).ToArray<float>();
        bool small = width <= SmallSide;
        var lines = new List<string>();
        for (int row = 0; row < height; row += small ? 1 : 2)
        {
            var line = new StringBuilder();
            for (int column = 0; column < width; column++)
            {
                float above = At(row, column), below = small ? above : At(row + 1, column);
                if (paint.On) line.Append(small ? $"\e[48;5;{Grey(above)}m  " : $"\e[38;5;{Grey(above)};48;5;{Grey(below)}m▀");
                else line.Append(Shades[(int)(Math.Clamp((above + below) / 2, 0, 1) * (Shades.Length - 1) + 0.5f)], small ? 2 : 1);
            }
            lines.Add(paint.On ? line.Append("\e[0m").ToString() : line.ToString());
        }
        return ([.. lines], small ? 2 * width : width);

        float At(int row, int column) => row < height ? grey[row * width + column] : 0;
    }

    private static int Grey(float value) => FirstGrey + (int)(Math.Clamp(value, 0, 1) * (Greys - 1) + 0.5f);
}
