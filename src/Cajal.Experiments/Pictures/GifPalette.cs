namespace Cajal.Experiments;

/// <summary>The colours of an animation, at most 256.</summary>
internal sealed class GifPalette
{
    private const int MostColours = 256;
    private readonly Dictionary<uint, byte> indices = [];
    private readonly uint mask;

    /// <summary>Counts colours and, if there are too many, forgets the lowest bits of each channel until they are few enough. Of those joined, the most frequent stands for all.</summary>
    internal GifPalette(IEnumerable<uint[]> frames)
    {
        var counts = new Dictionary<uint, long>();
        foreach (uint[] frame in frames)
        {
            foreach (uint pixel in frame) counts[pixel & 0xffffff] = counts.GetValueOrDefault(pixel & 0xffffff) + 1;
        }
        var groups = Groups(counts, mask = 0xffffff);
        for (int bits = 1; groups.Length > MostColours; bits++) groups = Groups(counts, mask = 0x010101u * (byte)(0xff << bits));
        // Frequent colours first, so that the order, and with it the file, depends on the frames alone.
        var chosen = groups.Select(group => group.OrderByDescending(colour => colour.Value).ThenBy(colour => colour.Key).First()).OrderByDescending(colour => colour.Value).ThenBy(colour => colour.Key).ToArray();
        Colours = Array.ConvertAll(chosen, colour => colour.Key);
        for (int i = 0; i < Colours.Length; i++) indices[Colours[i] & mask] = (byte)i;
    }

    /// <summary>As 0xRRGGBB.</summary>
    internal uint[] Colours { get; }

    /// <summary>The number of the colour that stands for a pixel's.</summary>
    internal byte IndexOf(uint pixel) => indices[pixel & mask];

    private static IGrouping<uint, KeyValuePair<uint, long>>[] Groups(Dictionary<uint, long> counts, uint mask) => [.. counts.GroupBy(colour => colour.Key & mask)];
}
