namespace Cajal.Kernels;

/// <summary>
/// How a block of source rows lies in cache: [channel, phases..., depth, row, column], where the phases are the remainders of the step along each
/// axis, so that neighbours among the results are neighbours here.
/// </summary>
internal sealed class SlabShape
{
    internal SlabShape(TapAxis[] depth, TapAxis[] height, TapAxis[] width)
    {
        (Depth, Height, Width) = (depth[0], height[0], width[0]);
        (PhasesD, PhasesH, PhasesW) = (Phases(depth), Phases(height), Phases(width));
        (ReachD, ReachH, ReachW) = (depth.Max(axis => axis.Reach), height.Max(axis => axis.Reach), width.Max(axis => axis.Reach));
    }

    /// <summary>Source, step and first position of each axis, and the longest grid.</summary>
    internal TapAxis Depth { get; }
    internal TapAxis Height { get; }
    internal TapAxis Width { get; }

    internal int[] PhasesD { get; }
    internal int[] PhasesH { get; }
    internal int[] PhasesW { get; }

    internal int ReachD { get; }
    internal int ReachH { get; }
    internal int ReachW { get; }

    /// <summary>Planes (of rows and columns) for each source channel.</summary>
    internal int Planes => PhasesD.Length * PhasesH.Length * PhasesW.Length * (1 + ReachD);

    internal int Rows { get; set; }
    internal int Columns { get; set; }

    internal int Plane => Rows * Columns;

    /// <summary>Writes where each tap of each channel starts.</summary>
    internal void Offsets(PatchPart part, int channels, Span<int> offsets)
    {
        TapAxis d = part.Depth, h = part.Height, w = part.Width;
        int k = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int i = 0; i < d.Taps; i++)
            {
                for (int j = 0; j < h.Taps; j++)
                {
                    for (int l = 0; l < w.Taps; l++)
                    {
                        int plane = ((channel * PhasesD.Length + d.Phase[i]) * PhasesH.Length + h.Phase[j]) * PhasesW.Length + w.Phase[l];
                        offsets[k++] = (plane * (1 + ReachD) + d.Index[i]) * Plane + h.Index[j] * Columns + w.Index[l];
                    }
                }
            }
        }
    }

    /// <summary>Cuts a length into equal blocks of at most so many.</summary>
    internal static (int Length, int Blocks) Cut(int length, long largest)
    {
        long blocks = (length + largest - 1) / largest, block = (length + blocks - 1) / blocks;
        return ((int)block, (int)((length + block - 1) / block));
    }

    // Entries of one axis that have taps have the same phases: an adjoint has the step 1.
    private static int[] Phases(TapAxis[] axes) => axes.MaxBy(axis => axis.Phases)!.PhaseShift;
}
