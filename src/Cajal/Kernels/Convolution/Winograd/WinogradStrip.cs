using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>The pixels that a run of tiles reads, for a vector of layers: strip [row, column, layer], zero outside the source.</summary>
internal static unsafe class WinogradStrip<V, L>
    where V : struct
    where L : ILanes<float, V>
{
    internal const int Rows = 6;

    [MethodImpl(Kernel.Loop)]
    internal static void Fill(in WinogradShape shape, float* image, int first, WinogradRun run, int columns, float* strip)
    {
        int count = Math.Min(L.Count, shape.Layers - first);
        if (count < L.Count) new Span<float>(strip, Rows * columns * L.Count).Clear();
        for (int lane = 0, neighbours; lane < count; lane += neighbours)
        {
            int layer = first + lane, part = shape.Part(layer), across = part % shape.Across.Layers;
            float* plane = image + (nint)shape.Channel(layer) * shape.SourcePlane;
            int row = run.Down * WinogradShape.Tile * shape.Down.Stride + shape.Down.Offset(part / shape.Across.Layers) - shape.Down.Padding;
            int column = run.Across * WinogradShape.Tile * shape.Across.Stride + shape.Across.Offset(across) - shape.Across.Padding;
            neighbours = shape.IsInterleaved ? Math.Min(shape.Across.Stride - across % shape.Across.Stride, shape.Across.Layers - across) : shape.Channels - shape.Channel(layer);
            neighbours = Math.Min(neighbours, count - lane);
            for (int r = 0; r < Rows; r++, row += shape.Down.Stride)
            {
                float* target = strip + (nint)r * columns * L.Count + lane;
                if ((uint)row >= (uint)shape.Down.Source) Clear(target, columns, neighbours);
                else if (shape.IsInterleaved) Interleaved(plane + (nint)row * shape.Across.Source, shape.Across.Source, column, shape.Across.Stride, target, columns, neighbours);
                else Planes(plane + (nint)row * shape.Across.Source, shape.Across.Source, shape.SourcePlane, column, target, columns, neighbours);
            }
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Clear(float* target, int columns, int lanes)
    {
        if (lanes == L.Count) new Span<float>(target, columns * lanes).Clear();
        else
        {
            for (int column = 0; column < columns; column++) new Span<float>(target + (nint)column * L.Count, lanes).Clear();
        }
    }

    /// <summary>Neighbouring layers are the same pixels of neighbouring channels.</summary>
    [MethodImpl(Kernel.Loop)]
    private static void Planes(float* source, int length, int plane, int first, float* target, int columns, int lanes)
    {
        int left = Math.Clamp(-first, 0, columns), right = Math.Clamp(length - first, left, columns);
        Clear(target, left, lanes);
        Packing.Transpose(target + (nint)left * L.Count, L.Count, source + first + left, lanes, plane, right - left);
        Clear(target + (nint)right * L.Count, columns - right, lanes);
    }

    /// <summary>Neighbouring layers are neighbouring pixels of one channel.</summary>
    [MethodImpl(Kernel.Loop)]
    private static void Interleaved(float* source, int length, int first, int stride, float* target, int columns, int lanes)
    {
        // Columns all of whose layers lie inside.
        int left = Math.Clamp((stride - 1 - first) / stride, 0, columns), right = first + lanes > length ? left : Math.Clamp((length - first - lanes) / stride + 1, left, columns);
        source += first;
        for (int column = 0; column < columns; column++)
        {
            if (column == left) column = right;
            for (int lane = 0; lane < lanes && column < columns; lane++)
            {
                int at = column * stride + lane;
                target[column * L.Count + lane] = (uint)(first + at) < (uint)length ? source[at] : 0;
            }
        }
        int from = 0;
        for (; from <= lanes - 4; from += 4)
        {
            for (int column = left; column < right; column++) Vector128.Load(source + column * stride + from).Store(target + column * L.Count + from);
        }
        for (; from <= lanes - 2; from += 2)
        {
            for (int column = left; column < right; column++) *(long*)(target + column * L.Count + from) = *(long*)(source + column * stride + from);
        }
        if (from == lanes) return;
        for (int column = left; column < right; column++) target[column * L.Count + from] = source[column * stride + from];
    }
}
