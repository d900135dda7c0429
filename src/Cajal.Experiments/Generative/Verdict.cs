namespace Cajal.Experiments;

/// <summary>What a <see cref="SampleJudge"/> says of a set of images.</summary>
/// <param name="Counts">How many of each class were named with a probability above 0.9.</param>
/// <param name="Images">How many were looked at.</param>
/// <param name="Distance">Fréchet's distance of their features from those of real images.</param>
internal sealed record Verdict(int[] Counts, int Images, double Distance)
{
    /// <summary>The share of images that were named with a probability above 0.9.</summary>
    internal double Confident => (double)Counts.Sum() / Images;

    /// <summary>The rarest class among those named so, as a share of all images.</summary>
    internal double RarestClass => (double)Counts.Min() / Images;
}
