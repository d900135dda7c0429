using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Copies weights into the order the tiles read them: [group, tile of rows, tap of each channel, row of the tile].</summary>
internal static unsafe class PackedWeights<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Pack(in PatchProblem<T> problem, PatchPart part, T* packed)
    {
        if (part.K == 0) { return; }
        fixed (int* taps = part.KernelTaps(problem.KernelHeight, problem.KernelWidth))
        {
            var body = new Body { P = problem, Packed = packed, K = part.K, Taps = taps, Count = part.Taps };
            WorkerPool.For(problem.Groups * problem.Rows, Math.Max(1, 8192 / part.K), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal PatchProblem<T> P;
        internal T* Packed;
        internal int* Taps;
        internal int K, Count;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                int group = item / P.Rows, row = item % P.Rows, first = 0, tile = PatchRows.Tile(P.Rows, L.TileRows);
                while (first + tile <= row)
                {
                    first += tile;
                    tile = PatchRows.Tile(P.Rows - first, L.TileRows);
                }
                T* source = P.Weights + (nint)group * P.WeightGroup + (nint)row * P.WeightRow;
                T* target = Packed + ((nint)group * P.Rows + first) * K + (row - first);
                for (int c = 0; c < P.Channels; c++, source += P.WeightChannel)
                {
                    for (int t = 0; t < Count; t++, target += tile) { *target = source[Taps[t]]; }
                }
            }
        }
    }
}
