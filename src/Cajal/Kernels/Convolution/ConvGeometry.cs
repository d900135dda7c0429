namespace Cajal.Kernels;

/// <summary>One spatial axis: output o under kernel tap k reads input position o * Stride + k * Dilation - Padding (zero outside the input).</summary>
/// <remarks>Padding is what lies before the input; what lies behind it follows from Output, so it need not be the same.</remarks>
internal readonly record struct ConvAxis(int Input, int Kernel, int Output, int Stride, int Padding, int Dilation)
{
    /// <summary>The axis that 1d and 2d convolutions lack.</summary>
    internal static ConvAxis Absent => new(1, 1, 1, 1, 0, 1);

    /// <summary>Whether the axis passes through unchanged: one tap on every position.</summary>
    internal bool IsPointwise => Kernel == 1 && Stride == 1 && Padding == 0 && Input == Output;

    /// <summary>Whether the taps lie on the whole input, once.</summary>
    internal bool IsCovered => Kernel == Input && Output == 1 && Padding == 0 && (Dilation == 1 || Kernel == 1);
}

/// <summary>
/// A convolution x [Batch, InChannels, Input...] ∗ w [OutChannels, InChannels / Groups, Kernel...] → y [Batch, OutChannels, Output...] over three
/// spatial axes; its two adjoints (to x and to w) share the same description.
/// </summary>
internal sealed record ConvGeometry(int Batch, int InChannels, int OutChannels, int Groups, ConvAxis Depth, ConvAxis Height, ConvAxis Width)
{
    internal int GroupInChannels => InChannels / Groups;

    internal int GroupOutChannels => OutChannels / Groups;

    /// <summary>Elements of one input channel.</summary>
    internal int InputPlane => Depth.Input * Height.Input * Width.Input;

    /// <summary>Elements of one output channel.</summary>
    internal int OutputPlane => Depth.Output * Height.Output * Width.Output;

    /// <summary>Taps of one filter channel.</summary>
    internal int KernelPlane => Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>Whether it is a product of matrices over channels, position by position.</summary>
    internal bool IsPointwise => Depth.IsPointwise && Height.IsPointwise && Width.IsPointwise;

    /// <summary>Whether every filter is as large as an image, and so each image a row of a product of matrices.</summary>
    internal bool IsCovering => Groups == 1 && Depth.IsCovered && Height.IsCovered && Width.IsCovered;

    /// <summary>Whether each channel has one filter of its own.</summary>
    internal bool IsDepthwise => GroupInChannels == 1 && GroupOutChannels == 1;
}
