using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Sums over taps where each result channel reads one source channel through one filter, forward or adjoint. A block of a source plane is copied into a
/// slab in L1 with the zeros around it, split by remainder of the stride; from there results go straight to their place.
/// </summary>
/// <remarks>Each result is one chain of multiply-adds from the bias over the taps in the slab's order: no bit depends on how planes were cut or shared out.</remarks>
internal static unsafe class DepthwiseSlab<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    // The slab of a block fits L1 beside the results.
    private const int SlabBytes = 20 << 10;

    internal static void Run(in PatchProblem<T> problem)
    {
        var body = new Body { P = problem, Parts = PatchPart.All(in problem), Slab = new(problem.Depth, problem.Height, problem.Width) };
        body.Prepare();
        int count = body.Parts.Sum(part => part.K);
        int[] offsets = new int[count], taps = new int[count];
        for (int i = 0; i < body.Parts.Length; i++)
        {
            var part = body.Parts[i];
            Span<int> at = offsets.AsSpan(part.FirstOffset, part.K), from = taps.AsSpan(part.FirstOffset, part.K);
            body.Slab.Offsets(part, 1, at);
            part.KernelTaps(problem.KernelHeight, problem.KernelWidth).CopyTo(from);
            at.Sort(from);
        }
        fixed (int* table = offsets, kernel = taps)
        {
            body.Table = table;
            body.Taps = kernel;
            WorkerPool.For(body.Items, body.Grain, ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal PatchProblem<T> P;
        internal PatchPart[] Parts;
        internal SlabShape Slab;
        internal int* Table, Taps;
        internal int Items, Grain;
        private int blockRows, rowBlocks, blockColumns, columnBlocks, align, weightCount, bufferRow;

        internal void Prepare()
        {
            foreach (var part in Parts) { weightCount += part.K; }
            // There are no planes where no tap meets the source.
            long perPosition = (long)sizeof(T) * Math.Max(1, Slab.Planes) * (1 + Slab.ReachH);
            (blockColumns, columnBlocks) = SlabShape.Cut(Slab.Width.Grid, Math.Max(4 * L.Count, SlabBytes / perPosition));
            Slab.Columns = (blockColumns + Slab.ReachW + L.Count - 1) / L.Count * L.Count;
            long perRow = (long)sizeof(T) * Math.Max(1, Slab.Planes) * Slab.Columns;
            (blockRows, rowBlocks) = SlabShape.Cut(Slab.Height.Grid, Math.Max(8, SlabBytes / perRow - Slab.ReachH));
            Slab.Rows = blockRows + Slab.ReachH;
            align = (Slab.Width.First % L.Count + L.Count) % L.Count;
            bufferRow = (blockColumns + L.Count - 1) / L.Count * L.Count;
            Items = checked(P.Batch * P.Groups * Slab.Depth.Grid * rowBlocks * columnBlocks);
            Grain = Math.Max(1, 32768 / Math.Max(1, blockRows * blockColumns * weightCount));
        }

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            // The first source column lies at the start of a vector, and so does each row of the slab.
            nint slabLength = ((nint)Slab.Planes * Slab.Rows + 2) * Slab.Columns + 2 * L.Count;
            nint bufferLength = (nint)P.Width.Length * blockRows * bufferRow;
            T* memory = (T*)Scratch.Take((slabLength + bufferLength + weightCount) * sizeof(T));
            T* slab = memory + align, buffer = memory + slabLength, weights = buffer + bufferLength;
            T* stop = P.Source + (nint)P.Batch * P.Groups * P.SourcePlane;
            T zero = default;
            bool once = rowBlocks * columnBlocks * Slab.Depth.Grid == 1;
            if (once) { new Span<T>(memory, (int)slabLength).Clear(); }
            for (int item = start; item < end; item++)
            {
                int column = item % columnBlocks * blockColumns, row = item / columnBlocks % rowBlocks * blockRows;
                int rest = item / columnBlocks / rowBlocks, depth = rest % Slab.Depth.Grid, plane = rest / Slab.Depth.Grid, group = plane % P.Groups;
                PlaneCopy<T, V, L>.Fill(slab, Slab, P.Source + (nint)plane * P.SourcePlane, depth, row, Math.Min(blockRows, Slab.Height.Grid - row), column, once, stop);
                T* filter = P.Weights + (nint)group * P.WeightGroup, bias = P.Bias is null ? &zero : P.Bias + group;
                for (int k = 0; k < weightCount; k++) { weights[k] = filter[Taps[k]]; }
                for (int i = 0; i < Parts.Length; i++)
                {
                    var part = Parts[i];
                    int rows = Math.Min(blockRows, part.Height.Grid - row), columns = Math.Min(blockColumns, part.Width.Grid - column);
                    if (depth >= part.Depth.Grid || rows <= 0) { continue; }
                    T* target = P.Target + (nint)plane * P.TargetPlane
                        + ((nint)(part.Depth.OutputStart + depth * part.Depth.OutputStep) * P.TargetHeight + part.Height.OutputStart + row * part.Height.OutputStep) * P.TargetWidth;
                    nint pitch = (nint)part.Height.OutputStep * P.TargetWidth;
                    if (part.Width.OutputStep == 1) { Columns(i, slab, weights, bias, target + column, pitch, rows, columns, buffer); continue; }
                    int phase = i % P.Width.Length;
                    T* own = buffer + (nint)phase * blockRows * bufferRow;
                    for (int c = 0; c < columns; c += L.Count) { Down(i, slab + c, weights, bias, own + c, bufferRow, rows); }
                    if (phase == P.Width.Length - 1) { Deliver(buffer, target + column * part.Width.OutputStep, pitch, rows, column); }
                }
            }
        }

        /// <summary>The results of one part that are neighbours in the target. The last vector of a row overlaps the one before.</summary>
        private readonly void Columns(int part, T* slab, T* weights, T* bias, T* target, nint pitch, int rows, int columns, T* buffer)
        {
            if (columns >= L.Count)
            {
                for (int c = 0; c < columns; c += L.Count)
                {
                    int at = Math.Min(c, columns - L.Count);
                    Down(part, slab + at, weights, bias, target + at, pitch, rows);
                }
                return;
            }
            Down(part, slab, weights, bias, buffer, L.Count, rows);
            for (int r = 0; r < rows; r++) { new Span<T>(buffer + r * L.Count, columns).CopyTo(new Span<T>(target + r * pitch, columns)); }
        }

        /// <summary>One vector of columns, down all rows.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Down(int part, T* slab, T* weights, T* bias, T* y, nint rowY, int rows)
        {
            int k = Parts[part].K, tiles = (rows + 7) / 8, tile = (rows + tiles - 1) / tiles;
            int* offsets = Table + Parts[part].FirstOffset;
            weights += Parts[part].FirstOffset;
            for (; rows > 0; rows -= tile, slab += tile * Slab.Columns, y += tile * rowY)
            {
                switch (Math.Min(rows, tile))
                {
                    case 1: DepthwiseRows<T, V, L, N1>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                    case 2: DepthwiseRows<T, V, L, N2>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                    case 3: DepthwiseRows<T, V, L, N3>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                    case 4: DepthwiseRows<T, V, L, N4>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                    case 5: DepthwiseRows<T, V, L, N5>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                    case 6: DepthwiseRows<T, V, L, N6>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                    case 7: DepthwiseRows<T, V, L, N7>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                    case 8: DepthwiseRows<T, V, L, N8>.Run(k, weights, offsets, slab, Slab.Columns, bias, y, rowY); break;
                }
            }
        }

        /// <summary>Weaves the rows of all remainders of the stride along the width.</summary>
        private readonly void Deliver(T* buffer, T* target, nint pitch, int rows, int column)
        {
            int steps = P.Width.Length, step = P.Width[0].OutputStep;
            for (int r = 0; r < rows; r++, target += pitch)
            {
                T* from = buffer + (nint)r * bufferRow;
                if (step == 2 && steps == 2)
                {
                    Interleaving<T, V, L>.Weave(target, from, Math.Min(blockColumns, P.Width[0].Grid - column),
                        from + (nint)blockRows * bufferRow, Math.Min(blockColumns, P.Width[1].Grid - column));
                    continue;
                }
                for (int s = 0; s < steps; s++, from += (nint)blockRows * bufferRow)
                {
                    int columns = Math.Min(blockColumns, P.Width[s].Grid - column);
                    for (int q = 0; q < columns; q++) { target[(nint)q * step + s] = from[q]; }
                }
            }
        }
    }
}
