using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Depthwise convolutions of images with 3, 5 or 7 filter rows, no dilation, and stride 1 or 2: the kernels read the source where it lies. Rows above and
/// below it are left out; what lies beyond the ends of a row is masked.
/// </summary>
/// <remarks>Each result is one chain of multiply-adds from the bias over the taps, column by column: no bit depends on how planes are shared out.</remarks>
internal static unsafe class DepthwiseDirect<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static bool Fits(in PatchProblem<T> problem) =>
        problem.Depth.Length + problem.Height.Length + problem.Width.Length == 3 && Fits(problem.Depth[0], problem.Height[0], problem.Width[0]);

    /// <summary>Whether the axes are of this kind.</summary>
    internal static bool Fits(TapAxis depth, TapAxis height, TapAxis width) =>
        depth is { Source: 1, Grid: 1, Taps: 1, First: 0 } && height.Taps is 3 or 5 or 7 && height.IsDense && width.IsDense && width.Grid >= L.Count
        && height.Step == width.Step && (height.Step == 1 || (height.Step == 2 && Interleaving<T, V, L>.HasVectors));

    internal static void Run(in PatchProblem<T> problem)
    {
        TapAxis h = problem.Height[0], w = problem.Width[0];
        int[] taps = new int[h.Taps * w.Taps];
        for (int i = 0; i < h.Taps; i++)
        {
            for (int j = 0; j < w.Taps; j++) { taps[h.Shift(i) * w.Taps + w.Shift(j)] = h.Kernel[i] * problem.KernelWidth + w.Kernel[j]; }
        }
        fixed (int* table = taps)
        {
            var body = new Body { P = problem, Taps = table, Count = taps.Length, Tiles = new(h, w, problem.Source, problem.Batch * problem.Groups) };
            WorkerPool.For(problem.Batch * problem.Groups, Math.Max(1, 32768 / (h.Grid * w.Grid * taps.Length)), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal PatchProblem<T> P;
        internal DepthwiseTiles<T, V, L> Tiles;
        internal int* Taps;
        internal int Count;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            var tiles = Tiles;
            T* weights = tiles.Take(Count);
            T zero = default;
            for (int plane = start; plane < end; plane++)
            {
                T* filter = P.Weights + (nint)(plane % P.Groups) * P.WeightGroup, bias = P.Bias is null ? &zero : P.Bias + plane % P.Groups;
                for (int k = 0; k < Count; k++) { weights[k] = filter[Taps[k]]; }
                T* target = P.Target + (nint)plane * P.TargetPlane;
                for (int r = 0; r < tiles.Grid; r += tiles.Rows)
                {
                    T* source = tiles.Source(plane, r, out int rows, out int from, out int to);
                    DepthwiseStrips<T, V, L>.Run(rows, tiles.Taps, tiles.Step, in tiles.Row, source, from, to, weights, bias, target + (nint)r * P.TargetWidth);
                }
            }
        }
    }
}
