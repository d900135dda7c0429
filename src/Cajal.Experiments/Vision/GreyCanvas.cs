namespace Cajal.Experiments;

/// <summary>A grey image to draw simulated scenes on: 0 is black, 1 white.</summary>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="random">Where its chance comes from.</param>
internal sealed class GreyCanvas(int height, int width, Generator random)
{
    /// <summary>[height x width], row by row.</summary>
    public float[] Pixels { get; } = new float[height * width];

    /// <summary>A number in [low, high).</summary>
    public double Draw(double low, double high) => low + (high - low) * random.NextUniform();

    /// <summary>Makes everything equally bright.</summary>
    public void Fill(double level) => Array.Fill(Pixels, (float)level);

    /// <summary>Adds smooth noise: normal numbers on a grid, joined smoothly.</summary>
    /// <param name="spacing">Pixels between the points of the grid.</param>
    /// <param name="strength">Standard deviation at those points.</param>
    public void AddTexture(double spacing, double strength)
    {
        int columns = (int)(width / spacing) + 3, rows = (int)(height / spacing) + 3;
        var grid = new float[rows * columns];
        random.FillNormal(grid, 0, (float)strength);
        double shiftX = random.NextUniform(), shiftY = random.NextUniform();
        for (int row = 0; row < height; row++)
        {
            var (top, down) = Place(row / spacing + shiftY);
            for (int column = 0; column < width; column++)
            {
                var (left, across) = Place(column / spacing + shiftX);
                int at = top * columns + left;
                Pixels[row * width + column] += float.Lerp(float.Lerp(grid[at], grid[at + 1], across), float.Lerp(grid[at + columns], grid[at + columns + 1], across), down);
            }
        }

        static (int Cell, float Share) Place(double position)
        {
            int cell = (int)position;
            float share = (float)(position - cell);
            return (cell, share * share * (3 - 2 * share));
        }
    }

    /// <summary>Paints a shape in one brightness.</summary>
    /// <param name="shape">Shares of the pixels, [height x width].</param>
    /// <param name="level">The brightness.</param>
    /// <param name="opacity">1 hides what lies below.</param>
    public void Paint(ReadOnlySpan<float> shape, double level, double opacity = 1)
    {
        for (int i = 0; i < Pixels.Length; i++) Pixels[i] += (float)((level - Pixels[i]) * (shape[i] * opacity));
    }

    /// <summary>Light that falls from one side: each pixel is multiplied by a factor that changes evenly across the image, from 1 - strength to 1 + strength.</summary>
    public void Light(double strength)
    {
        var (sine, cosine) = Math.SinCos(Draw(0, 2 * Math.PI));
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                double along = ((column + 0.5) / width - 0.5) * cosine + ((row + 0.5) / height - 0.5) * sine;
                Pixels[row * width + column] *= (float)(1 + strength * along * Math.Sqrt(2));
            }
        }
    }

    /// <summary>Adds normal noise to every pixel and cuts to 0 ... 1, as a camera does.</summary>
    public void Expose(double noise)
    {
        var grain = new float[Pixels.Length];
        random.FillNormal(grain, 0, (float)noise);
        for (int i = 0; i < grain.Length; i++) Pixels[i] = Math.Clamp(Pixels[i] + grain[i], 0, 1);
    }
}
