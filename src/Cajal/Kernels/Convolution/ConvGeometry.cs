namespace Cajal.Kernels;

/// <summary>
/// The numbers of one convolution: input [N, C, H, W], filters [O, C/groups, KH, KW], output [N, O, OH, OW].
/// </summary>
internal readonly record struct ConvGeometry(
    int N, int C, int H, int W, int O, int KernelH, int KernelW, int StrideH, int StrideW, int PadH, int PadW, int DilationH, int DilationW, int Groups)
{
    internal int OutH => (H + 2 * PadH - DilationH * (KernelH - 1) - 1) / StrideH + 1;

    internal int OutW => (W + 2 * PadW - DilationW * (KernelW - 1) - 1) / StrideW + 1;

    internal int GroupChannels => C / Groups;

    internal int GroupFilters => O / Groups;

    /// <summary>Rows of the unfolded matrix of one group: C/groups · KH · KW.</summary>
    internal int Patch => GroupChannels * KernelH * KernelW;

    internal int OutPlane => OutH * OutW;

    /// <summary>A 1 x 1 filter that visits every pixel reads the image as it lies.</summary>
    internal bool IsPointwise => KernelH == 1 && KernelW == 1 && StrideH == 1 && StrideW == 1 && PadH == 0 && PadW == 0;
}
