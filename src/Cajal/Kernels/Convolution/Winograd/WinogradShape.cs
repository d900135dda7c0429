namespace Cajal.Kernels;

/// <summary>
/// A convolution, or its adjoint to the input, as Winograd's algorithm for three taps sees it: target [Batch, Rows, TargetHeight, TargetWidth] in tiles of
/// 4 x 4, counted through all images, from source [Batch, Channels, SourceHeight, SourceWidth].
/// </summary>
/// <remarks>
/// A larger kernel, or one with a stride, is a sum of kernels of at most 3 x 3 with stride 1, each on the part of the source that its taps read: taps o, o + Stride
/// and o + 2 Stride for each offset o. Each part of a channel is a layer, and layers take the place of channels in all products.
/// </remarks>
/// <param name="Batch">Images.</param>
/// <param name="Channels">Channels of the source.</param>
/// <param name="Rows">Channels of the target.</param>
/// <param name="Down">The vertical axis.</param>
/// <param name="Across">The horizontal axis.</param>
internal readonly record struct WinogradShape(int Batch, int Channels, int Rows, WinogradAxis Down, WinogradAxis Across)
{
    /// <summary>Factors of a tile.</summary>
    internal const int Factors = 36;

    /// <summary>Results of a tile along one axis.</summary>
    internal const int Tile = 4;

    internal int Tiles => Batch * Down.Tiles * Across.Tiles;

    internal int SourcePlane => Down.Source * Across.Source;

    internal int TargetPlane => Down.Target * Across.Target;

    /// <summary>Layers of one channel.</summary>
    internal int LayersPerChannel => Down.Layers * Across.Layers;

    internal int Layers => Channels * LayersPerChannel;

    /// <summary>Taps of one filter channel.</summary>
    internal int KernelPlane => Down.Kernel * Across.Kernel;

    /// <summary>Whether layers are the channels themselves.</summary>
    internal bool IsPlain => Down.IsPlain && Across.IsPlain;

    /// <summary>Whether the layers of one channel are neighbours, since they are neighbouring pixels; else those of neighbouring channels are.</summary>
    internal bool IsInterleaved => Down.Stride * Across.Stride > 1;

    /// <summary>The channel that a layer is part of.</summary>
    internal int Channel(int layer) => IsInterleaved ? layer / LayersPerChannel : layer % Channels;

    /// <summary>Which part of it: the vertical layer times the number of horizontal ones, plus the horizontal one.</summary>
    internal int Part(int layer) => IsInterleaved ? layer % LayersPerChannel : layer / Channels;

    /// <summary>The convolution, unless a direct sum is as fast.</summary>
    internal static bool TryForward(ConvGeometry g, out WinogradShape shape)
    {
        shape = new(g.Batch, g.InChannels, g.OutChannels, WinogradAxis.Forward(g.Height), WinogradAxis.Forward(g.Width));
        return Fits(g) && shape.Pays();
    }

    /// <summary>Its adjoint to the input, unless a direct sum is as fast or the stride is not 1.</summary>
    internal static bool TryBackwardInput(ConvGeometry g, out WinogradShape shape)
    {
        shape = new(g.Batch, g.OutChannels, g.InChannels, WinogradAxis.Backward(g.Height), WinogradAxis.Backward(g.Width));
        return Fits(g) && g.Height.Stride == 1 && g.Width.Stride == 1 && shape.Pays();
    }

    /// <summary>
    /// Whether fewer multiplications pay for the transforms. Both sides count vector operations for each lane of channels; the weights of the three
    /// transforms are fitted to measured times.
    /// </summary>
    private bool Pays()
    {
        if (Layers < 8 || Rows < 8) return false;
        double c = Layers, k = Rows, input = IsPlain ? 300 : 500;
        double direct = (double)KernelPlane * Batch * TargetPlane * Channels * k;
        return Tiles * (Factors * c * k + input * c + 300 * k) + 40 * c * k * Factors < 0.8 * direct;
    }

    private static bool Fits(ConvGeometry g) => g.Groups == 1 && g.Depth.IsPointwise && Fits(g.Height) && Fits(g.Width);

    private static bool Fits(in ConvAxis axis) => axis is { Kernel: >= 2, Dilation: 1 };
}

/// <summary>One axis of it.</summary>
/// <param name="Source">Positions of the source.</param>
/// <param name="Target">Positions of the target.</param>
/// <param name="Padding">Zeros before the source.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Source positions between two results.</param>
internal readonly record struct WinogradAxis(int Source, int Target, int Padding, int Kernel, int Stride)
{
    /// <summary>Taps of a layer.</summary>
    internal const int Taps = 3;

    internal int Tiles => (Target + WinogradShape.Tile - 1) / WinogradShape.Tile;

    internal bool IsPlain => Kernel == Taps && Stride == 1;

    internal int Layers => Kernel / (Taps * Stride) * Stride + Math.Min(Stride, Kernel % (Taps * Stride));

    /// <summary>The first tap of a layer; the others follow at steps of <see cref="Stride"/>, where the kernel has them.</summary>
    internal int Offset(int layer) => layer / Stride * Taps * Stride + layer % Stride;

    internal static WinogradAxis Forward(in ConvAxis axis) => new(axis.Input, axis.Output, axis.Padding, axis.Kernel, axis.Stride);

    internal static WinogradAxis Backward(in ConvAxis axis) => new(axis.Output, axis.Input, axis.Kernel - 1 - axis.Padding, axis.Kernel, 1);
}

/// <summary>Neighbouring tiles of one tile row of one image.</summary>
internal readonly record struct WinogradRun(int Image, int Down, int Across, int Count)
{
    /// <summary>A strip of so many tiles, a vector of channels deep, stays in the first cache.</summary>
    internal const int Longest = 16;

    /// <summary>The run that starts at tile <paramref name="first"/>, none of it at or beyond <paramref name="end"/>.</summary>
    internal static WinogradRun At(in WinogradShape shape, int first, int end)
    {
        int across = shape.Across.Tiles, column = first % across, row = first / across;
        return new(row / shape.Down.Tiles, row % shape.Down.Tiles, column, Math.Min(Math.Min(across - column, end - first), Longest));
    }
}
