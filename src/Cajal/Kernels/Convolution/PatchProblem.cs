namespace Cajal.Kernels;

/// <summary>
/// target[n, g, row, position] = bias[g, row] + Σ over channels and taps of weights x source: a convolution, or its adjoint, where each remainder of
/// the stride has taps of its own.
/// </summary>
internal unsafe struct PatchProblem<T>
    where T : unmanaged
{
    internal int Batch, Groups;

    /// <summary>Source channels and target channels of one group.</summary>
    internal int Channels, Rows;

    /// <summary>One entry for each remainder of the stride in the target.</summary>
    internal TapAxis[] Depth, Height, Width;

    internal T* Source, Weights, Bias, Target;

    /// <summary>Elements between groups, rows, source channels in the weights; and of one filter channel, with the lengths that place a tap.</summary>
    internal int WeightGroup, WeightRow, WeightChannel, KernelPlane, KernelHeight, KernelWidth;

    internal int TargetDepth, TargetHeight, TargetWidth;

    internal readonly int SourcePlane => Depth[0].Source * Height[0].Source * Width[0].Source;

    internal readonly int TargetPlane => TargetDepth * TargetHeight * TargetWidth;
}
