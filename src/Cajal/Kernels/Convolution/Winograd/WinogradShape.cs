namespace Cajal.Kernels;

/// <summary>
/// A 3 x 3 convolution with stride 1, or its adjoint to the input, as Winograd's algorithm sees it: target [Batch, Rows, TargetHeight, TargetWidth] in tiles of
/// 4 x 4, counted through all images, from source [Batch, Channels, SourceHeight, SourceWidth].
/// </summary>
/// <param name="Batch">Images.</param>
/// <param name="Channels">Channels of the source.</param>
/// <param name="Rows">Channels of the target.</param>
/// <param name="SourceHeight">Rows of a source plane.</param>
/// <param name="SourceWidth">Columns of a source plane.</param>
/// <param name="TargetHeight">Rows of a target plane.</param>
/// <param name="TargetWidth">Columns of a target plane.</param>
/// <param name="Top">Zeros above the source.</param>
/// <param name="Left">Zeros before each source row.</param>
internal readonly record struct WinogradShape(
    int Batch, int Channels, int Rows, int SourceHeight, int SourceWidth, int TargetHeight, int TargetWidth, int Top, int Left)
{
    /// <summary>Factors of a tile.</summary>
    internal const int Factors = 36;

    private const int WidestStrip = 32;

    /// <summary>Results of a tile along one axis.</summary>
    internal const int Tile = 4;

    /// <summary>Factors of all filters, rows rounded up to whole strips of the widest vectors.</summary>
    internal nint FilterLength => (nint)Factors * Channels * ((Rows + WidestStrip - 1) / WidestStrip * WidestStrip);

    internal int TilesDown => (TargetHeight + Tile - 1) / Tile;

    internal int TilesAcross => (TargetWidth + Tile - 1) / Tile;

    internal int Tiles => Batch * TilesDown * TilesAcross;

    internal int SourcePlane => SourceHeight * SourceWidth;

    internal int TargetPlane => TargetHeight * TargetWidth;

    internal static WinogradShape Forward(ConvGeometry g) => new(
        g.Batch, g.InChannels, g.OutChannels, g.Height.Input, g.Width.Input, g.Height.Output, g.Width.Output, g.Height.Padding, g.Width.Padding);

    internal static WinogradShape BackwardInput(ConvGeometry g) => new(
        g.Batch, g.OutChannels, g.InChannels, g.Height.Output, g.Width.Output, g.Height.Input, g.Width.Input, 2 - g.Height.Padding, 2 - g.Width.Padding);

    /// <summary>
    /// Whether fewer multiplications pay for the transforms. Both sides count vector operations for each lane of channels; the weights of the three
    /// transforms are fitted to measured times.
    /// </summary>
    internal static bool Pays(ConvGeometry g)
    {
        if (g.Groups != 1 || !g.Depth.IsPointwise || !IsThree(g.Height) || !IsThree(g.Width) || g.InChannels < 8 || g.OutChannels < 8) return false;
        double c = g.InChannels, k = g.OutChannels, tiles = Forward(g).Tiles;
        double direct = 9.0 * g.Batch * g.OutputPlane * c * k;
        return tiles * (Factors * c * k + 300 * (c + k)) + 40 * c * k * Factors < 0.8 * direct;
    }

    private static bool IsThree(in ConvAxis axis) => axis is { Kernel: 3, Stride: 1, Dilation: 1 } && axis.Padding is >= 0 and <= 2;
}

/// <summary>Neighbouring tiles of one tile row of one image.</summary>
internal readonly record struct WinogradRun(int Image, int Down, int Across, int Count)
{
    /// <summary>A strip of so many tiles, a vector of channels deep, stays in the first cache.</summary>
    internal const int Longest = 16;

    /// <summary>The run that starts at tile <paramref name="first"/>, none of it at or beyond <paramref name="end"/>.</summary>
    internal static WinogradRun At(in WinogradShape shape, int first, int end)
    {
        int across = shape.TilesAcross, column = first % across, row = first / across;
        return new(row / shape.TilesDown, row % shape.TilesDown, column, Math.Min(Math.Min(across - column, end - first), Longest));
    }
}
