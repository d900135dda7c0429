namespace Cajal.Onnx;

/// <summary>Whole numbers from a file as lengths, places and axes.</summary>
internal static class Numbers
{
    /// <summary>A length or place, which Cajal counts with 32 bits.</summary>
    internal static int ToInt(long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidOperationException($"{value} is too large for a length or a place.");

    /// <summary>A place that may lie anywhere, brought into the range of 32 bits: ONNX ends slices with huge numbers.</summary>
    internal static int Near(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    /// <summary>An axis counted from either end.</summary>
    internal static int Axis(long axis, int rank)
    {
        long resolved = axis < 0 ? axis + rank : axis;
        return resolved >= 0 && resolved < rank ? (int)resolved : throw new InvalidOperationException($"axis {axis} does not exist in a tensor of rank {rank}.");
    }

    internal static int[] Axes(ReadOnlySpan<long> axes, int rank)
    {
        var result = new int[axes.Length];
        for (int i = 0; i < result.Length; i++) result[i] = Axis(axes[i], rank);
        return result;
    }
}
