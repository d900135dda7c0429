namespace Cajal.Kernels;

/// <summary>
/// target[n, g, row, position] = bias[g, row] + Σ over channels and taps of weights x source: a convolution, or one remainder of its adjoint.
/// </summary>
internal unsafe struct PatchProblem<T>
    where T : unmanaged
{
    internal int Batch, Groups;

    /// <summary>Source channels and target channels of one group.</summary>
    internal int Channels, Rows;

    internal TapAxis Depth, Height, Width;

    internal T* Source, Weights, Bias, Target;

    /// <summary>Elements between groups, rows, source channels in the weights; and kernel lengths, which place a tap.</summary>
    internal int WeightGroup, WeightRow, WeightChannel, KernelHeight, KernelWidth;

    internal int TargetDepth, TargetHeight, TargetWidth;

    internal readonly int SourcePlane => Depth.Source * Height.Source * Width.Source;

    internal readonly int TargetPlane => TargetDepth * TargetHeight * TargetWidth;

    internal readonly int Taps => Depth.Taps * Height.Taps * Width.Taps;
}
