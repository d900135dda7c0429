namespace Cajal;

/// <summary>Small helpers on index arrays.</summary>
internal static class Indices
{
    /// <summary>0, 1, ..., count - 1.</summary>
    internal static int[] Range(int count) => Range(0, count);

    /// <summary>start, start + 1, ..., end - 1.</summary>
    internal static int[] Range(int start, int end)
    {
        var range = new int[end - start];
        for (int i = 0; i < range.Length; i++)
        {
            range[i] = start + i;
        }
        return range;
    }

    /// <summary>Throws unless every index is from 0 to count - 1.</summary>
    internal static void Check(ReadOnlySpan<int> indices, int count)
    {
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), $"Dataset: sample {index} does not exist; indices run from 0 to {count - 1}.");
            }
        }
    }
}
