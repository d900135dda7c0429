namespace Cajal.Kernels;

/// <summary>One product C = A B or C += A B: A [M, K], B [K, N], C [M, N]. Strides in elements; C has contiguous rows.</summary>
internal unsafe struct Product<T>
    where T : unmanaged
{
    internal int M, N, K;
    internal T* A, B, C;
    internal nint RowA, ColA, RowB, ColB, RowC;
    internal bool Accumulate;

    /// <summary>Multiply-adds in the whole product.</summary>
    internal readonly long Work => (long)M * N * K;

    /// <summary>The same operands, with C cut to rows [top, bottom) and columns [left, right).</summary>
    internal readonly Product<T> Cut(int top, int bottom, int left, int right)
    {
        Product<T> cut = this;
        (cut.M, cut.N) = (bottom - top, right - left);
        cut.A = A + top * RowA;
        cut.B = B + left * ColB;
        cut.C = C + top * RowC + left;
        return cut;
    }
}
