namespace Cajal.Kernels;

/// <summary>
/// One axis of a sum over taps: result position OutputStart + g * OutputStep adds, for each tap t, the source at g * Step + First + Shift[t].
/// Both a convolution and, for each remainder of the stride, its adjoint have this form.
/// </summary>
/// <remarks>
/// The slab in cache is split by remainder of Step: position p lies in phase p % Step at p / Step, so neighbours in g are neighbours in memory
/// for every tap. Only phases that some tap reads are kept.
/// </remarks>
internal sealed class TapAxis
{
    private TapAxis(int source, int grid, int step, int outputStart, int outputStep, int[] kernel, int[] offsets)
    {
        Source = source;
        Grid = grid;
        Step = step;
        OutputStart = outputStart;
        OutputStep = outputStep;
        Kernel = kernel;
        First = offsets.Length == 0 ? 0 : offsets.Min();
        Phase = new int[kernel.Length];
        Index = new int[kernel.Length];
        var phases = new List<int>();
        for (int tap = 0; tap < kernel.Length; tap++)
        {
            int shift = offsets[tap] - First, phase = phases.IndexOf(shift % step);
            if (phase < 0)
            {
                phase = phases.Count;
                phases.Add(shift % step);
            }
            Phase[tap] = phase;
            Index[tap] = shift / step;
            Reach = Math.Max(Reach, shift / step);
        }
        PhaseShift = [.. phases];
    }

    internal readonly int Source, Grid, Step, OutputStart, OutputStep, First;

    /// <summary>How many slab positions a grid position reads beyond its own.</summary>
    internal readonly int Reach;

    /// <summary>For each tap: its index in the kernel, its phase, and its position within the phase for grid position 0.</summary>
    internal readonly int[] Kernel, Phase, Index;

    /// <summary>For each phase: the shift of its first position against <see cref="First"/>.</summary>
    internal readonly int[] PhaseShift;

    internal int Taps => Kernel.Length;

    internal int Phases => PhaseShift.Length;

    /// <summary>The convolution itself.</summary>
    internal static TapAxis Forward(in ConvAxis axis)
    {
        var kernel = new int[axis.Kernel];
        var offsets = new int[axis.Kernel];
        for (int k = 0; k < kernel.Length; k++) (kernel[k], offsets[k]) = (k, k * axis.Dilation - axis.Padding);
        return new(axis.Input, axis.Output, axis.Stride, 0, 1, kernel, offsets);
    }

    /// <summary>
    /// The adjoint, one entry for each remainder r of the stride: input positions r, r + Stride, ... read outputs with stride 1, from the taps
    /// whose k * Dilation - Padding has that remainder.
    /// </summary>
    internal static TapAxis[] Backward(in ConvAxis axis)
    {
        var result = new TapAxis[Math.Min(axis.Stride, axis.Input)];
        for (int r = 0; r < result.Length; r++)
        {
            var kernel = new List<int>();
            var offsets = new List<int>();
            for (int k = 0; k < axis.Kernel; k++)
            {
                int shifted = r + axis.Padding - k * axis.Dilation;
                if (shifted % axis.Stride != 0) continue;
                kernel.Add(k);
                offsets.Add(shifted / axis.Stride);
            }
            result[r] = new(axis.Output, (axis.Input - r + axis.Stride - 1) / axis.Stride, 1, r, axis.Stride, [.. kernel], [.. offsets]);
        }
        return result;
    }
}
