using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Picks the strip kernel for so many result rows, filter rows and stride. Kernels are compiled when first used.</summary>
internal static unsafe class DepthwiseStrips<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Run(int rows, int taps, int step, in DepthwiseRow<T> row, T* source, int from, int to, T* w, T* bias, T* y)
    {
        switch (taps, step)
        {
            case (3, 1): Run<N3>(rows, in row, source, from, to, w, bias, y); break;
            case (5, 1): Run<N5>(rows, in row, source, from, to, w, bias, y); break;
            case (7, 1): Run<N7>(rows, in row, source, from, to, w, bias, y); break;
            case (3, 2): RunStride<N3>(rows, in row, source, from, to, w, bias, y); break;
            case (5, 2): RunStride<N5>(rows, in row, source, from, to, w, bias, y); break;
            case (7, 2): RunStride<N7>(rows, in row, source, from, to, w, bias, y); break;
        }
    }

    private static void Run<TTaps>(int rows, in DepthwiseRow<T> row, T* source, int from, int to, T* w, T* bias, T* y)
        where TTaps : IConstant
    {
        switch (rows)
        {
            case 1: DepthwiseStrip<T, V, L, N1, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 2: DepthwiseStrip<T, V, L, N2, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 3: DepthwiseStrip<T, V, L, N3, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 4: DepthwiseStrip<T, V, L, N4, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 5: DepthwiseStrip<T, V, L, N5, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 6: DepthwiseStrip<T, V, L, N6, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 7: DepthwiseStrip<T, V, L, N7, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 8: DepthwiseStrip<T, V, L, N8, TTaps>.Run(in row, source, from, to, w, bias, y); break;
        }
    }

    private static void RunStride<TTaps>(int rows, in DepthwiseRow<T> row, T* source, int from, int to, T* w, T* bias, T* y)
        where TTaps : IConstant
    {
        switch (rows)
        {
            case 1: DepthwiseStride<T, V, L, N1, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 2: DepthwiseStride<T, V, L, N2, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 3: DepthwiseStride<T, V, L, N3, TTaps>.Run(in row, source, from, to, w, bias, y); break;
            case 4: DepthwiseStride<T, V, L, N4, TTaps>.Run(in row, source, from, to, w, bias, y); break;
        }
    }

    internal static void RunGradient(int rows, int taps, int step, in DepthwiseRow<T> row, T* source, int from, int to, T* dy, T* fresh, T* sums)
    {
        switch (taps, step)
        {
            case (3, 1) when row.Taps == 3: RunSquareGradient(rows, in row, source, from, to, dy, fresh, sums); break;
            case (3, 1): RunGradient<N3>(rows, in row, source, from, to, dy, fresh, sums); break;
            case (5, 1): RunGradient<N5>(rows, in row, source, from, to, dy, fresh, sums); break;
            case (7, 1): RunGradient<N7>(rows, in row, source, from, to, dy, fresh, sums); break;
            case (3, 2): RunStrideGradient<N3>(rows, in row, source, from, to, dy, fresh, sums); break;
            case (5, 2): RunStrideGradient<N5>(rows, in row, source, from, to, dy, fresh, sums); break;
            case (7, 2): RunStrideGradient<N7>(rows, in row, source, from, to, dy, fresh, sums); break;
        }
    }

    private static void RunGradient<TTaps>(int rows, in DepthwiseRow<T> row, T* source, int from, int to, T* dy, T* fresh, T* sums)
        where TTaps : IConstant
    {
        switch (rows)
        {
            case 1: DepthwiseStripGradient<T, V, L, N1, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 2: DepthwiseStripGradient<T, V, L, N2, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 3: DepthwiseStripGradient<T, V, L, N3, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 4: DepthwiseStripGradient<T, V, L, N4, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 5: DepthwiseStripGradient<T, V, L, N5, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 6: DepthwiseStripGradient<T, V, L, N6, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 7: DepthwiseStripGradient<T, V, L, N7, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 8: DepthwiseStripGradient<T, V, L, N8, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
        }
    }

    private static void RunStrideGradient<TTaps>(int rows, in DepthwiseRow<T> row, T* source, int from, int to, T* dy, T* fresh, T* sums)
        where TTaps : IConstant
    {
        switch (rows)
        {
            case 1: DepthwiseStrideGradient<T, V, L, N1, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 2: DepthwiseStrideGradient<T, V, L, N2, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 3: DepthwiseStrideGradient<T, V, L, N3, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 4: DepthwiseStrideGradient<T, V, L, N4, TTaps>.Run(in row, source, from, to, dy, fresh, sums); break;
        }
    }

    private static void RunSquareGradient(int rows, in DepthwiseRow<T> row, T* source, int from, int to, T* dy, T* fresh, T* sums)
    {
        switch (rows)
        {
            case 1: DepthwiseSquareGradient<T, V, L, N1>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 2: DepthwiseSquareGradient<T, V, L, N2>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 3: DepthwiseSquareGradient<T, V, L, N3>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 4: DepthwiseSquareGradient<T, V, L, N4>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 5: DepthwiseSquareGradient<T, V, L, N5>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 6: DepthwiseSquareGradient<T, V, L, N6>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 7: DepthwiseSquareGradient<T, V, L, N7>.Run(in row, source, from, to, dy, fresh, sums); break;
            case 8: DepthwiseSquareGradient<T, V, L, N8>.Run(in row, source, from, to, dy, fresh, sums); break;
        }
    }
}
