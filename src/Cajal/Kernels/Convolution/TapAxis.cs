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
    private TapAxis(int source, int grid, int step, int outputStart, int outputStep, int[] kernel, int[] offsets, int first)
    {
        Source = source;
        Grid = grid;
        Step = step;
        OutputStart = outputStart;
        OutputStep = outputStep;
        Kernel = kernel;
        First = first;
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
            Reach = Math.Max(Reach, Index[tap]);
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

    /// <summary>Where a tap reads, against <see cref="First"/>.</summary>
    internal int Shift(int tap) => Index[tap] * Step + PhaseShift[Phase[tap]];

    /// <summary>The farthest that a tap of any entry reads from <see cref="First"/>.</summary>
    internal static int Span(TapAxis[] axes) => axes.Max(axis => axis.Taps == 0 ? 0 : Enumerable.Range(0, axis.Taps).Max(axis.Shift));

    /// <summary>Whether the taps read neighbours, in whatever order, and results are neighbours too.</summary>
    internal bool IsDense => OutputStep == 1 && Enumerable.Range(0, Taps).All(tap => (uint)Shift(tap) < (uint)Taps);

    /// <summary>The convolution itself.</summary>
    internal static TapAxis Forward(in ConvAxis axis)
    {
        var kernel = new int[axis.Kernel];
        var offsets = new int[axis.Kernel];
        for (int k = 0; k < kernel.Length; k++) (kernel[k], offsets[k]) = (k, k * axis.Dilation - axis.Padding);
        return new(axis.Input, axis.Output, axis.Stride, 0, 1, kernel, offsets, -axis.Padding);
    }

    /// <summary>
    /// The adjoint, one entry for each remainder r of the stride: input positions r, r + Stride, ... read outputs with stride 1, from the taps
    /// whose k * Dilation - Padding has that remainder. All entries count from the same <see cref="First"/>, so they share a slab; the first has the longest grid.
    /// </summary>
    internal static TapAxis[] Backward(in ConvAxis axis)
    {
        var result = new TapAxis[Math.Min(axis.Stride, axis.Input)];
        var kernel = new List<int>[result.Length];
        var offsets = new List<int>[result.Length];
        int first = int.MaxValue;
        for (int r = 0; r < result.Length; r++)
        {
            (kernel[r], offsets[r]) = ([], []);
            for (int k = 0; k < axis.Kernel; k++)
            {
                int shifted = r + axis.Padding - k * axis.Dilation;
                if (shifted % axis.Stride != 0) continue;
                kernel[r].Add(k);
                offsets[r].Add(shifted / axis.Stride);
                first = Math.Min(first, shifted / axis.Stride);
            }
        }
        for (int r = 0; r < result.Length; r++)
        {
            int grid = (axis.Input - r + axis.Stride - 1) / axis.Stride;
            result[r] = new(axis.Output, grid, 1, r, axis.Stride, [.. kernel[r]], [.. offsets[r]], first == int.MaxValue ? 0 : first);
        }
        return result;
    }
}
