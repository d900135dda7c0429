namespace Cajal.Models;

/// <summary>An upright rectangle in an image. Lengths are in pixels, and the pixel in column i covers i to i + 1.</summary>
/// <param name="Left">Least x.</param>
/// <param name="Top">Least y.</param>
/// <param name="Right">Greatest x.</param>
/// <param name="Bottom">Greatest y.</param>
public readonly record struct Box(float Left, float Top, float Right, float Bottom)
{
    /// <summary>Right - left.</summary>
    public float Width => Right - Left;

    /// <summary>Bottom - top.</summary>
    public float Height => Bottom - Top;

    /// <summary>Width x height; 0 if the sides are the wrong way round.</summary>
    public double Area => (double)Math.Max(0, Width) * Math.Max(0, Height);

    /// <summary>The middle.</summary>
    public (float X, float Y) Centre => ((Left + Right) / 2, (Top + Bottom) / 2);

    /// <summary>The box with this middle and these sides.</summary>
    public static Box Around(float x, float y, float width, float height) => new(x - width / 2, y - height / 2, x + width / 2, y + height / 2);

    /// <summary>Intersection over union, or Jaccard index: 1 for the same box, 0 for boxes that do not meet or have no area.</summary>
    public double Iou(Box other)
    {
        double both = new Box(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Area;
        return both == 0 ? 0 : both / (Area + other.Area - both);
    }
}

/// <summary>An object that is there.</summary>
/// <param name="Box">Where.</param>
/// <param name="Label">Its class.</param>
public readonly record struct LabelledBox(Box Box, int Label);

/// <summary>An object that was found.</summary>
/// <param name="Box">Where.</param>
/// <param name="Label">Its class.</param>
/// <param name="Score">How sure the detector is; the larger, the surer.</param>
public readonly record struct Detection(Box Box, int Label, float Score);
