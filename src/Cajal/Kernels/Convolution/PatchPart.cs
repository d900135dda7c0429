namespace Cajal.Kernels;

/// <summary>The results of one remainder of the stride along each axis: the taps they add, and where their offsets and weights lie.</summary>
internal sealed class PatchPart(TapAxis depth, TapAxis height, TapAxis width, int channels, int firstOffset, nint firstWeight)
{
    internal TapAxis Depth { get; } = depth;
    internal TapAxis Height { get; } = height;
    internal TapAxis Width { get; } = width;

    internal int Taps { get; } = depth.Taps * height.Taps * width.Taps;

    /// <summary>Terms of each sum.</summary>
    internal int K => channels * Taps;

    internal int FirstOffset { get; } = firstOffset;

    internal nint FirstWeight { get; } = firstWeight;

    /// <summary>Every combination of the axes' remainders.</summary>
    internal static PatchPart[] All<T>(in PatchProblem<T> problem)
        where T : unmanaged
    {
        var parts = new List<PatchPart>();
        int offset = 0;
        nint weight = 0;
        foreach (var depth in problem.Depth)
        {
            foreach (var height in problem.Height)
            {
                foreach (var width in problem.Width)
                {
                    var part = new PatchPart(depth, height, width, problem.Channels, offset, weight);
                    parts.Add(part);
                    offset += part.K;
                    weight += (nint)problem.Groups * problem.Rows * part.K;
                }
            }
        }
        return [.. parts];
    }

    /// <summary>Each tap's index in the kernel, in the order of the sum.</summary>
    internal int[] KernelTaps(int kernelHeight, int kernelWidth)
    {
        int[] taps = new int[Taps];
        int k = 0;
        foreach (int d in Depth.Kernel)
        {
            foreach (int h in Height.Kernel)
            {
                foreach (int w in Width.Kernel) { taps[k++] = (d * kernelHeight + h) * kernelWidth + w; }
            }
        }
        return taps;
    }
}
