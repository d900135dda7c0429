using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>What all rows of a depthwise convolution share, where the kernels read the source itself.</summary>
internal unsafe struct DepthwiseRow<T>
    where T : unmanaged
{
    internal int SourceWidth;

    /// <summary>Positions in a row of the grid: of results, or of the gradient that belongs to them.</summary>
    internal int Columns;

    /// <summary>Filter columns.</summary>
    internal int Taps;

    /// <summary>[tap, column]: all bits set where the filter column reads the row, none where it reads beyond its ends.</summary>
    internal T* Masks;
}

/// <summary>Cuts source planes into what one call of a strip kernel handles: a few rows of the grid, all columns.</summary>
internal unsafe struct DepthwiseTiles<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    private readonly T* origin, stop;
    private readonly int firstRow, firstColumn, sourceHeight, slack;
    private T* border;

    /// <summary>For planes [planes, height, width] at <paramref name="source"/>.</summary>
    internal DepthwiseTiles(TapAxis height, TapAxis width, T* source, int planes)
    {
        (Step, Taps, Grid) = (height.Step, height.Taps, height.Grid);
        // Sixteen registers hold half of what 32 do. With AVX-512 the narrow vectors have 32 too.
        int tallest = (L.TileRows > 6 || Vector512.IsHardwareAccelerated ? 8 : 4) / Step, tiles = (Grid + tallest - 1) / tallest;
        Rows = (Grid + tiles - 1) / tiles;
        origin = source;
        stop = source + (nint)planes * height.Source * width.Source;
        (firstRow, firstColumn, sourceHeight) = (height.First, width.First, height.Source);
        Row = new() { SourceWidth = width.Source, Columns = width.Grid, Taps = width.Taps };
        int beyond = (width.Grid - 1) * Step + width.First + width.Taps - width.Source;
        slack = Math.Max(Math.Abs(width.First), beyond) + 2 * L.Count;
    }

    internal DepthwiseRow<T> Row;

    internal int Step { get; }

    /// <summary>Filter rows.</summary>
    internal int Taps { get; }

    /// <summary>Rows of the grid, and of a tile; the last tile may be lower.</summary>
    internal int Grid { get; }

    internal int Rows { get; }

    /// <summary>Makes the masks in this thread's working memory, and returns so many more elements of it.</summary>
    internal T* Take(int count)
    {
        nint masks = (nint)Row.Taps * Row.Columns, edge = (nint)((Rows - 1) * Step + Taps) * Row.SourceWidth + 2 * slack;
        Row.Masks = (T*)Scratch.Take((masks + edge + count) * sizeof(T));
        WriteMasks();
        border = Row.Masks + masks + slack;
        return Row.Masks + masks + edge;
    }

    /// <summary>What the first tap of the tile at grid row <paramref name="r"/> reads, of whose rows those in [from, to) exist.</summary>
    internal readonly T* Source(int plane, int r, out int rows, out int from, out int to)
    {
        rows = Math.Min(Rows, Grid - r);
        int first = r * Step + firstRow, width = Row.SourceWidth, below = (rows - 1) * Step + Taps;
        from = Math.Clamp(-first, 0, below);
        to = Math.Clamp(sourceHeight - first, from, below);
        T* at = origin + ((nint)plane * sourceHeight + first) * width, low = at + (nint)from * width, high = at + (nint)to * width;
        if (low - slack < origin || high + slack > stop)
        {
            // The first and the last rows of all: there may be no memory beside them, where masked lanes would be read.
            new Span<T>(low, (to - from) * width).CopyTo(new Span<T>(border, (to - from) * width));
            at = border - (nint)from * width;
        }
        return at + firstColumn;
    }

    [MethodImpl(Kernel.Loop)]
    private readonly void WriteMasks()
    {
        for (int tap = 0; tap < Row.Taps; tap++)
        {
            for (int c = 0; c < Row.Columns; c++)
            {
                bool inside = (uint)(firstColumn + tap + c * Step) < (uint)Row.SourceWidth;
                new Span<byte>(Row.Masks + (nint)tap * Row.Columns + c, sizeof(T)).Fill((byte)(inside ? 0xFF : 0));
            }
        }
    }
}
