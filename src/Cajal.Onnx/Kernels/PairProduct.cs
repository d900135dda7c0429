using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Cajal.Threading;

namespace Cajal.Onnx;

/// <summary>
/// Products of matrices of 8-bit numbers, summed exactly in 32 bits. Numbers are kept as pairs of 16 bits that follow each other along the inner axis, because one instruction multiplies two pairs and adds the products
/// (pmaddwd, in every x64 processor): twice the multiplications of a float instruction, and no step that could saturate, as there is with the 8-bit form (pmaddubsw). All forms give the same integers.
/// </summary>
internal static unsafe class PairProduct
{
    /// <summary>Columns are padded to this many, one widest register.</summary>
    internal const int Lanes = 16;

    private const int RowTile = 4;

    /// <summary>Below this many pairs another thread costs more than it brings.</summary>
    private const long Grain = 1 << 15;

    /// <summary>Columns rounded up to whole registers.</summary>
    internal static int Padded(int columns) => (columns + Lanes - 1) / Lanes * Lanes;

    /// <summary>c [m, n padded] = a [m, pairs] · b, where each int is two 16-bit numbers, and b lies in panels of 16 columns: [panels, pairs, 16].</summary>
    internal static void Run(int m, int columns, int pairs, ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<int> c)
    {
        int width = Padded(columns);
        if (m == 0 || width == 0) return;
        fixed (int* pa = a, pb = b, pc = c)
        {
            var body = new Body { A = pa, B = pb, C = pc, Rows = m, Width = width, Pairs = pairs };
            // Split along whichever side is longer, in whole tiles.
            body.ByRow = m >= RowTile * 2 && m / RowTile >= width / Lanes;
            int parts = body.ByRow ? (m + RowTile - 1) / RowTile : width / Lanes;
            long work = (long)m * width * pairs;
            if (work < Grain) body.Invoke(0, parts);
            else WorkerPool.For(parts, (int)Math.Max(1, Grain * parts / Math.Max(1, work)), 1, ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal int* A, B, C;
        internal int Rows, Width, Pairs;
        internal bool ByRow;

        public readonly void Invoke(int start, int end)
        {
            int firstRow = ByRow ? start * RowTile : 0, lastRow = ByRow ? Math.Min(Rows, end * RowTile) : Rows;
            int first = ByRow ? 0 : start, last = ByRow ? Width / Lanes : end;
            if (Avx512BW.IsSupported) Wide(firstRow, lastRow, first, last);
            else if (Avx2.IsSupported) Narrow(firstRow, lastRow, first, last);
            else Plain(firstRow, lastRow, first, last);
        }

        /// <summary>Four rows by two panels: eight sums in registers, six loads for eight products.</summary>
        [MethodImpl(Cajal.Kernels.Kernel.Loop)]
        private readonly void Wide(int firstRow, int lastRow, int first, int last)
        {
            int panel = first;
            for (; panel <= last - 2; panel += 2)
            {
                int* left = B + (nint)panel * Pairs * Lanes, right = left + (nint)Pairs * Lanes;
                int row = firstRow;
                for (; row <= lastRow - RowTile; row += RowTile)
                {
                    Vector512<int> s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default;
                    int* a0 = A + (nint)row * Pairs, a1 = a0 + Pairs, a2 = a1 + Pairs, a3 = a2 + Pairs;
                    for (int k = 0; k < Pairs; k++)
                    {
                        Vector512<short> x = Vector512.Load(left + k * Lanes).AsInt16(), y = Vector512.Load(right + k * Lanes).AsInt16();
                        var a = Vector512.Create(a0[k]).AsInt16();
                        s0 += Avx512BW.MultiplyAddAdjacent(x, a);
                        t0 += Avx512BW.MultiplyAddAdjacent(y, a);
                        a = Vector512.Create(a1[k]).AsInt16();
                        s1 += Avx512BW.MultiplyAddAdjacent(x, a);
                        t1 += Avx512BW.MultiplyAddAdjacent(y, a);
                        a = Vector512.Create(a2[k]).AsInt16();
                        s2 += Avx512BW.MultiplyAddAdjacent(x, a);
                        t2 += Avx512BW.MultiplyAddAdjacent(y, a);
                        a = Vector512.Create(a3[k]).AsInt16();
                        s3 += Avx512BW.MultiplyAddAdjacent(x, a);
                        t3 += Avx512BW.MultiplyAddAdjacent(y, a);
                    }
                    int* c = C + (nint)row * Width + panel * Lanes;
                    s0.Store(c);
                    t0.Store(c + Lanes);
                    s1.Store(c + Width);
                    t1.Store(c + Width + Lanes);
                    s2.Store(c + 2 * Width);
                    t2.Store(c + 2 * Width + Lanes);
                    s3.Store(c + 3 * Width);
                    t3.Store(c + 3 * Width + Lanes);
                }
                for (; row < lastRow; row++)
                {
                    WideRow(row, panel);
                    WideRow(row, panel + 1);
                }
            }
            for (; panel < last; panel++) for (int row = firstRow; row < lastRow; row++) WideRow(row, panel);
        }

        /// <summary>One row by one panel, in four sums, so that one product need not wait for the last.</summary>
        [MethodImpl(Cajal.Kernels.Kernel.Loop)]
        private readonly void WideRow(int row, int panel)
        {
            Vector512<int> s0 = default, s1 = default, s2 = default, s3 = default;
            int* a = A + (nint)row * Pairs, b = B + (nint)panel * Pairs * Lanes;
            int k = 0;
            for (; k <= Pairs - 4; k += 4, b += 4 * Lanes)
            {
                s0 += Avx512BW.MultiplyAddAdjacent(Vector512.Load(b).AsInt16(), Vector512.Create(a[k]).AsInt16());
                s1 += Avx512BW.MultiplyAddAdjacent(Vector512.Load(b + Lanes).AsInt16(), Vector512.Create(a[k + 1]).AsInt16());
                s2 += Avx512BW.MultiplyAddAdjacent(Vector512.Load(b + 2 * Lanes).AsInt16(), Vector512.Create(a[k + 2]).AsInt16());
                s3 += Avx512BW.MultiplyAddAdjacent(Vector512.Load(b + 3 * Lanes).AsInt16(), Vector512.Create(a[k + 3]).AsInt16());
            }
            for (; k < Pairs; k++, b += Lanes) s0 += Avx512BW.MultiplyAddAdjacent(Vector512.Load(b).AsInt16(), Vector512.Create(a[k]).AsInt16());
            (s0 + s1 + (s2 + s3)).Store(C + (nint)row * Width + panel * Lanes);
        }

        [MethodImpl(Cajal.Kernels.Kernel.Loop)]
        private readonly void Narrow(int firstRow, int lastRow, int first, int last)
        {
            for (int panel = first; panel < last; panel++)
            {
                for (int row = firstRow; row < lastRow; row++)
                {
                    Vector256<int> low = default, high = default;
                    int* a = A + (nint)row * Pairs, b = B + (nint)panel * Pairs * Lanes;
                    for (int k = 0; k < Pairs; k++, b += Lanes)
                    {
                        var pair = Vector256.Create(a[k]).AsInt16();
                        low += Avx2.MultiplyAddAdjacent(Vector256.Load(b).AsInt16(), pair);
                        high += Avx2.MultiplyAddAdjacent(Vector256.Load(b + 8).AsInt16(), pair);
                    }
                    int* c = C + (nint)row * Width + panel * Lanes;
                    low.Store(c);
                    high.Store(c + 8);
                }
            }
        }

        private readonly void Plain(int firstRow, int lastRow, int first, int last)
        {
            for (int row = firstRow; row < lastRow; row++)
            {
                for (int column = first * Lanes; column < last * Lanes; column++)
                {
                    int* a = A + (nint)row * Pairs, b = B + (nint)(column / Lanes) * Pairs * Lanes + column % Lanes;
                    int sum = 0;
                    for (int k = 0; k < Pairs; k++) sum += (short)a[k] * (short)b[k * Lanes] + (a[k] >> 16) * (b[k * Lanes] >> 16);
                    C[(nint)row * Width + column] = sum;
                }
            }
        }
    }
}
