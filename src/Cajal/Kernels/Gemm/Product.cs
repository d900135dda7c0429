using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>One product C = A B or C += A B: A [M, K], B [K, N], C [M, N]. Strides in elements; C has contiguous rows.</summary>
internal unsafe struct Product<T>
    where T : unmanaged
{
    internal int M, N, K;
    internal T* A, B, C;
    internal nint RowA, ColA, RowB, ColB, RowC;
    internal bool Accumulate;

    /// <summary>Numbers that C starts from, one for each column; null where it starts from 0 or from what it holds.</summary>
    internal T* ColumnBias;

    /// <summary>The same, one for each row.</summary>
    internal T* RowBias;

    /// <summary>All of B as <see cref="Gemm.Pack"/> arranges it; null where it is only at <see cref="B"/>.</summary>
    internal T* PackedB;

    /// <summary>Where <see cref="B"/> begins in a wider matrix that was packed.</summary>
    internal int Left;

    /// <summary>Columns of that matrix, rounded up as it was packed.</summary>
    internal int PackedColumns;

    /// <summary>Multiply-adds in the whole product.</summary>
    internal readonly long Work => (long)M * N * K;

    /// <summary>The same operands, with C cut to rows [top, bottom) and columns [left, right).</summary>
    internal readonly Product<T> Cut(int top, int bottom, int left, int right)
    {
        Product<T> cut = this;
        (cut.M, cut.N) = (bottom - top, right - left);
        cut.A = A + top * RowA;
        cut.B = B + left * ColB;
        cut.Left = Left + left;
        cut.C = C + top * RowC + left;
        if (ColumnBias != null) { cut.ColumnBias = ColumnBias + left; }
        if (RowBias != null) { cut.RowBias = RowBias + top; }
        return cut;
    }

    /// <summary>Writes the bias into C, which the product is then added to.</summary>
    [MethodImpl(Kernel.Loop)]
    internal void PlaceBias()
    {
        if (ColumnBias != null)
        {
            for (int i = 0; i < M; i++) { new ReadOnlySpan<T>(ColumnBias, N).CopyTo(new Span<T>(C + i * RowC, N)); }
        }
        else if (RowBias != null)
        {
            for (int i = 0; i < M; i++) { new Span<T>(C + i * RowC, N).Fill(RowBias[i]); }
        }
        else { return; }
        Accumulate = true;
        ColumnBias = RowBias = null;
    }
}
