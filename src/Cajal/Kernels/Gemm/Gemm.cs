using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Matrix products on raw memory. The caller pins it, and C overlaps neither operand.</summary>
/// <remarks>
/// A value of C has the same bits for any number of threads: which kernel runs and in which order it sums depend on the shapes and strides.
/// They do depend on the vector width of the machine and on how a product is batched.
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>C = A B, or C += A B when <paramref name="accumulate"/>: A [m, k], B [k, n], C [m, n].</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B. Zero clears C unless accumulating.</param>
    /// <param name="a">The first value of A.</param>
    /// <param name="rsA">Elements from a row of A to the next: any, zero included, so a transpose or broadcast needs no copy.</param>
    /// <param name="csA">Elements from a column of A to the next.</param>
    /// <param name="b">The first value of B.</param>
    /// <param name="rsB">Elements from a row of B to the next.</param>
    /// <param name="csB">Elements from a column of B to the next.</param>
    /// <param name="c">The first value of C.</param>
    /// <param name="rsC">Elements from a row of C to the next; columns are contiguous.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    /// <exception cref="NotSupportedException">T is not float, double, int or long.</exception>
    internal static void Multiply<T>(
        int m, int n, int k, T* a, nint rsA, nint csA, T* b, nint rsB, nint csB, T* c, nint rsC, bool accumulate)
        where T : unmanaged
    {
        var product = new Product<T>
        {
            M = m, N = n, K = k, A = a, RowA = rsA, ColA = csA, B = b, RowB = rsB, ColB = csB, C = c, RowC = rsC, Accumulate = accumulate,
        };
        Dispatch(ref product);
    }

    /// <summary>Up to this many rows, dot products over contiguous k beat transposing B into panels that are used once.</summary>
    internal const int FewRows = 3;

    /// <summary>C = A B plus a number for each column; <paramref name="bias"/> [n] may be null, and so may <paramref name="packed"/>, which is B as <see cref="Pack"/> arranges it.</summary>
    /// <inheritdoc cref="Multiply{T}"/>
    internal static void MultiplyAdd<T>(int m, int n, int k, T* a, nint rsA, nint csA, T* b, nint rsB, nint csB, T* packed, T* bias, T* c, nint rsC)
        where T : unmanaged
    {
        var product = new Product<T>
        {
            M = m, N = n, K = k, A = a, RowA = rsA, ColA = csA, B = b, RowB = rsB, ColB = csB, C = c, RowC = rsC, ColumnBias = bias, PackedB = packed, PackedColumns = PackedColumns<T>(n),
        };
        Dispatch(ref product);
    }

    /// <summary>Columns of a packed B: whole strips of the widest vectors.</summary>
    internal static int PackedColumns<T>(int n)
        where T : unmanaged
    {
        int strip = 2 * 64 / sizeof(T);
        return (n + strip - 1) / strip * strip;
    }

    /// <summary>B [k, n] in the order in which the blocked product reads it, into k times <see cref="PackedColumns"/> numbers.</summary>
    internal static void Pack<T>(int n, int k, T* b, nint rsB, nint csB, T* packed)
        where T : unmanaged, INumberBase<T>
    {
        var product = new Product<T> { N = n, K = k, B = b, RowB = rsB, ColB = csB, PackedColumns = PackedColumns<T>(n) };
        if (Vector512.IsHardwareAccelerated) { BlockedProduct<T, Vector512<T>, Lanes512<T>>.Pack(in product, packed); }
        else if (Vector256.IsHardwareAccelerated) { BlockedProduct<T, Vector256<T>, Lanes256<T>>.Pack(in product, packed); }
        else if (Vector128.IsHardwareAccelerated) { BlockedProduct<T, Vector128<T>, Lanes128<T>>.Pack(in product, packed); }
        else { BlockedProduct<T, T, Lanes1<T>>.Pack(in product, packed); }
    }

    /// <summary>As <see cref="Multiply{T}"/> for every index below <paramref name="batch"/>, the operands moving by their batch strides.</summary>
    /// <remarks>
    /// Batch strides of A and B may be 0 (one matrix for all); those of C must keep the results apart. <paramref name="rowBias"/> [m], the same for all, may be null.
    /// </remarks>
    internal static void MultiplyBatched<T>(
        int batch, int m, int n, int k, T* a, nint bsA, nint rsA, nint csA, T* b, nint bsB, nint rsB, nint csB,
        T* c, nint bsC, nint rsC, T* rowBias = null, bool accumulate = false)
        where T : unmanaged
    {
        var first = new Product<T>
        {
            M = m, N = n, K = k, A = a, RowA = rsA, ColA = csA, B = b, RowB = rsB, ColB = csB, C = c, RowC = rsC, RowBias = rowBias, Accumulate = accumulate,
        };
        // Inside the loop's ranges the pool is taken, so each product runs on its own thread.
        var body = new BatchBody<T> { First = first, BatchA = bsA, BatchB = bsB, BatchC = bsC };
        const long WorkPerThread = 1 << 15, LargeProduct = 1 << 22;
        if (first.Work >= LargeProduct)
        {
            body.Invoke(0, batch);
            return;
        }
        WorkerPool.For(batch, (int)Math.Max(1, WorkPerThread / Math.Max(1, first.Work)), ref body);
    }

    private struct BatchBody<T> : IRangeBody
        where T : unmanaged
    {
        internal Product<T> First;
        internal nint BatchA, BatchB, BatchC;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                Product<T> product = First;
                product.A += i * BatchA;
                product.B += i * BatchB;
                product.C += i * BatchC;
                Dispatch(ref product);
            }
        }
    }

    private static void Dispatch<T>(ref Product<T> product)
        where T : unmanaged
    {
        if (product.M <= 0 || product.N <= 0) { return; }
        if (product.K <= 0)
        {
            product.PlaceBias();
            if (!product.Accumulate) { Clear(in product); }
        }
        else if (typeof(T) == typeof(float))
        {
            Floating(ref Unsafe.As<Product<T>, Product<float>>(ref product));
        }
        else if (typeof(T) == typeof(double))
        {
            Floating(ref Unsafe.As<Product<T>, Product<double>>(ref product));
        }
        else if (typeof(T) == typeof(int))
        {
            Plain(in Unsafe.As<Product<T>, Product<int>>(ref product));
        }
        else if (typeof(T) == typeof(long))
        {
            Plain(in Unsafe.As<Product<T>, Product<long>>(ref product));
        }
        else
        {
            throw new NotSupportedException($"Gemm: {typeof(T).Name} matrices cannot be multiplied; cast to float, double, int or long.");
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Clear<T>(in Product<T> product)
        where T : unmanaged
    {
        for (int i = 0; i < product.M; i++) { new Span<T>(product.C + i * product.RowC, product.N).Clear(); }
    }

    private static void Floating<T>(ref Product<T> product)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated) { Choose<T, Vector512<T>, Lanes512<T>>(ref product); }
        else if (Vector256.IsHardwareAccelerated) { Choose<T, Vector256<T>, Lanes256<T>>(ref product); }
        else if (Vector128.IsHardwareAccelerated) { Choose<T, Vector128<T>, Lanes128<T>>(ref product); }
        else { Choose<T, T, Lanes1<T>>(ref product); }
    }

    /// <summary>Picks the kernel by shape and strides. Every vector width can be named, so each can be tested on one machine.</summary>
    internal static void Choose<T, V, L>(ref Product<T> product)
        where T : unmanaged, INumberBase<T>
        where V : struct
        where L : ILanes<T, V>
    {
        ref readonly Product<T> x = ref product;
        if (x.N == 1 && (x.ColA == 1 || x.K == 1))
        {
            product.PlaceBias();
            VectorProduct<T, V, L>.Dots(x.M, x.K, x.A, x.RowA, x.B, x.RowB, x.C, x.RowC, x.Accumulate);
        }
        else if (x.N == 1 && x.RowA == 1 && x.RowC == 1)
        {
            product.PlaceBias();
            VectorProduct<T, V, L>.Combine(x.M, x.K, x.A, x.ColA, x.B, x.RowB, x.C, x.Accumulate);
        }
        else if (x.M == 1 && x.ColB == 1)
        {
            product.PlaceBias();
            VectorProduct<T, V, L>.Combine(x.N, x.K, x.B, x.RowB, x.A, x.ColA, x.C, x.Accumulate);
        }
        else if (x.M <= FewRows && x.RowB == 1)
        {
            product.PlaceBias();
            for (int i = 0; i < x.M; i++)
            {
                VectorProduct<T, V, L>.Dots(
                    x.N, x.K, x.B, x.ColB, x.A + i * x.RowA, x.ColA, x.C + i * x.RowC, 1, x.Accumulate);
            }
        }
        else
        {
            BlockedProduct<T, V, L>.Run(ref product);
        }
    }

    // Integer products are rare (indices, counts): rows of B are added in turn, which the JIT keeps simple and exact.
    [MethodImpl(Kernel.Loop)]
    private static void Plain<T>(in Product<T> x)
        where T : unmanaged, INumberBase<T>
    {
        if (!x.Accumulate) { Clear(in x); }
        for (int i = 0; i < x.M; i++)
        {
            T* c = x.C + i * x.RowC;
            for (int p = 0; p < x.K; p++)
            {
                T weight = x.A[i * x.RowA + p * x.ColA];
                T* b = x.B + p * x.RowB;
                for (int j = 0; j < x.N; j++) { c[j] += weight * b[j * x.ColB]; }
            }
        }
    }
}
