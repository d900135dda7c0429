using System.Numerics;
using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>Every product is held against a double-precision scalar sum, and against itself on other thread counts.</summary>
[Collection(nameof(Compute.Threads))]
public sealed unsafe class GemmTests : IDisposable
{
    private readonly int threadsBefore = Compute.Threads;

    public void Dispose() => Compute.Threads = threadsBefore;

    /// <summary>How an operand [rows, columns] lies in memory.</summary>
    public enum Layout { Rows, Columns, PaddedRows, EverySecond, OneRowForAll, OneColumnForAll }

    private static (int Size, int Row, int Column) Strides(Layout layout, int rows, int columns) => layout switch
    {
        Layout.Rows => (rows * columns, columns, 1),
        Layout.Columns => (rows * columns, 1, rows),
        Layout.PaddedRows => (rows * (columns + 5), columns + 5, 1),
        Layout.EverySecond => (2 * rows * columns, 2 * columns, 2),
        Layout.OneRowForAll => (columns, 0, 1),
        Layout.OneColumnForAll => (rows, 1, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(layout)),
    };

    private static T[] Values<T>(int count, Random random)
        where T : INumber<T>
    {
        var values = new T[count];
        for (int i = 0; i < count; i++) { values[i] = T.CreateChecked(random.Next(-1000, 1001) / 512.0); }
        return values;
    }

    /// <summary>Runs one product and returns C with its padding; the sentinel beyond each row must survive.</summary>
    private static T[] Run<T>(
        int m, int n, int k, T[] a, Layout layoutA, T[] b, Layout layoutB, T[] start, int rowC, bool accumulate)
        where T : unmanaged
    {
        T[] c = (T[])start.Clone();
        (_, int rsA, int csA) = Strides(layoutA, m, k);
        (_, int rsB, int csB) = Strides(layoutB, k, n);
        fixed (T* pa = a, pb = b, pc = c)
        {
            Gemm.Multiply(m, n, k, pa, rsA, csA, pb, rsB, csB, pc, rowC, accumulate);
        }
        return c;
    }

    private static void Check<T>(int m, int n, int k, Layout layoutA = Layout.Rows, Layout layoutB = Layout.Rows, bool accumulate = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Random(m * 10_007 + n * 101 + k);
        (int sizeA, int rsA, int csA) = Strides(layoutA, m, k);
        (int sizeB, int rsB, int csB) = Strides(layoutB, k, n);
        int rowC = n + 3;
        T[] a = Values<T>(sizeA, random), b = Values<T>(sizeB, random), start = Values<T>(m * rowC, random);
        T[] c = Run(m, n, k, a, layoutA, b, layoutB, start, rowC, accumulate);

        // A sum of k rounded products is off by at most (k + 2) half-ulps of the sum of magnitudes (Higham, section 3.1).
        double epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < rowC; j++)
            {
                double first = double.CreateChecked(start[i * rowC + j]), sum = accumulate ? first : 0, magnitude = Math.Abs(sum);
                for (int p = 0; p < k && j < n; p++)
                {
                    double term = double.CreateChecked(a[i * rsA + p * csA]) * double.CreateChecked(b[p * rsB + j * csB]);
                    sum += term;
                    magnitude += Math.Abs(term);
                }
                double expected = j < n ? sum : first, got = double.CreateChecked(c[i * rowC + j]);
                double bound = j < n ? (k + 2) * epsilon * magnitude : 0;
                if (!(Math.Abs(got - expected) <= bound))
                {
                    Assert.Fail($"{typeof(T).Name} [{m}, {k}] {layoutA} x [{k}, {n}] {layoutB}, accumulate {accumulate}: "
                        + $"C[{i}, {j}] is {got}, expected {expected} within {bound}");
                }
            }
        }
    }

    private static readonly int[] Edges = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 15, 16, 17, 23, 25, 31, 32, 33, 47, 49];

    [Fact]
    public void EveryShapeAroundTheTileBoundaries()
    {
        foreach (int m in Edges)
        {
            foreach (int n in Edges)
            {
                foreach (int k in new[] { 0, 1, 2, 7, 33 })
                {
                    Check<float>(m, n, k, accumulate: (m + n + k) % 2 == 0);
                    Check<double>(m, n, k, accumulate: (m + n + k) % 2 == 1);
                }
            }
        }
    }

    [Theory]
    [CombinatorialLayouts]
    public void EveryLayoutOfBothOperands(Layout a, Layout b)
    {
        foreach ((int m, int n, int k) in new[]
        {
            (1, 1, 1), (1, 37, 19), (37, 1, 19), (2, 33, 40), (3, 5, 70), (9, 7, 5), (26, 40, 300), (61, 95, 133), (130, 290, 70),
        })
        {
            Check<float>(m, n, k, a, b);
            Check<float>(m, n, k, a, b, accumulate: true);
            Check<double>(m, n, k, a, b);
        }
    }

    [Theory]
    [InlineData(5, 3, 5000)]
    [InlineData(1, 130, 2049)]
    [InlineData(130, 1, 2049)]
    [InlineData(13, 40, 1025)]
    [InlineData(260, 70, 513)]
    [InlineData(490, 33, 257)]
    [InlineData(30, 2100, 40)]
    [InlineData(250, 2500, 260)]
    public void ShapesLargerThanABlock(int m, int n, int k)
    {
        Check<float>(m, n, k, accumulate: true);
        Check<float>(m, n, k, Layout.Columns, Layout.Columns);
        Check<double>(m, n, k, Layout.Rows, Layout.Columns, accumulate: true);
    }

    [Theory]
    [InlineData(1, 1000, 784)]
    [InlineData(1000, 1, 784)]
    [InlineData(3, 700, 900)]
    [InlineData(64, 256, 784)]
    [InlineData(130, 129, 131)]
    [InlineData(300, 7, 600)]
    [InlineData(500, 300, 700)]
    public void TheBitsDoNotDependOnTheThreads(int m, int n, int k)
    {
        foreach (Layout layoutA in new[] { Layout.Rows, Layout.Columns })
        {
            foreach (Layout layoutB in new[] { Layout.Rows, Layout.Columns, Layout.EverySecond })
            {
                var random = new Random(7);
                float[] a = Values<float>(Strides(layoutA, m, k).Size, random), b = Values<float>(Strides(layoutB, k, n).Size, random);
                // Values with full mantissas, or every order of summation would give the same bits.
                for (int i = 0; i < a.Length; i++) { a[i] = random.NextSingle(); }
                var start = new float[m * n];
                Compute.Threads = 1;
                float[] expected = Run(m, n, k, a, layoutA, b, layoutB, start, n, false);
                foreach (int threads in new[] { 2, 3, 7 })
                {
                    Compute.Threads = threads;
                    Assert.Equal(expected, Run(m, n, k, a, layoutA, b, layoutB, start, n, false));
                }
            }
        }
    }

    [Fact]
    public void NarrowerVectorsComputeTheSameProduct()
    {
        foreach ((int m, int n, int k) in new[] { (1, 9, 40), (9, 1, 40), (7, 9, 300), (50, 45, 33), (64, 130, 100) })
        {
            float[] widest = Narrow<Vector512<float>, Lanes512<float>>(m, n, k);
            Close(widest, Narrow<Vector256<float>, Lanes256<float>>(m, n, k), k);
            Close(widest, Narrow<Vector128<float>, Lanes128<float>>(m, n, k), k);
            Close(widest, Narrow<float, Lanes1<float>>(m, n, k), k);
        }
    }

    private static float[] Narrow<V, L>(int m, int n, int k)
        where V : struct
        where L : ILanes<float, V>
    {
        var random = new Random(3);
        float[] a = Values<float>(m * k, random), b = Values<float>(k * n, random), c = new float[m * n];
        fixed (float* pa = a, pb = b, pc = c)
        {
            var product = new Product<float>
            {
                M = m, N = n, K = k, A = pa, RowA = k, ColA = 1, B = pb, RowB = n, ColB = 1, C = pc, RowC = n,
            };
            Gemm.Choose<float, V, L>(ref product);
        }
        return c;
    }

    private static void Close(float[] expected, float[] got, int k)
    {
        // Values are at most 2 in magnitude, so each term is at most 4.
        float bound = 2 * (k + 2) * 1.2e-7f * 4 * k;
        for (int i = 0; i < expected.Length; i++) { Assert.InRange(got[i], expected[i] - bound, expected[i] + bound); }
        Assert.Contains(expected, value => Math.Abs(value) > bound);
    }

    [Theory]
    [InlineData(0, 4, 4, 4)]
    [InlineData(5, 3, 17, 9)]
    [InlineData(40, 16, 16, 16)]
    [InlineData(3, 200, 210, 150)]
    public void ABatchIsItsProducts(int batch, int m, int n, int k)
    {
        var random = new Random(11);
        float[] a = Values<float>(batch * m * k, random), b = Values<float>(k * n, random), expected = new float[batch * m * n];
        fixed (float* pa = a, pb = b, pc = expected)
        {
            Compute.Threads = 1;
            for (int i = 0; i < batch; i++)
            {
                // B is stored transposed, and shared.
                Gemm.Multiply(m, n, k, pa + i * m * k, k, 1, pb, 1, k, pc + i * m * n, n, false);
            }
        }
        foreach (int threads in new[] { 1, 2, 3 })
        {
            Compute.Threads = threads;
            var c = new float[batch * m * n];
            fixed (float* pa = a, pb = b, pc = c)
            {
                Gemm.MultiplyBatched(batch, m, n, k, pa, m * k, k, 1, pb, 0, 1, k, pc, m * n, n);
            }
            Assert.Equal(expected, c);
        }
    }

    [Fact]
    public void IntegersAreExactAndWrap()
    {
        int[] a = [1, -2, 3, int.MaxValue, 5, 6], b = [7, 8, 9, 2, 1, -1], c = [100, 100, 100, 100];
        // [2, 3] x [3, 2], the second operand stored transposed.
        int[] result = Run(2, 2, 3, a, Layout.Rows, b, Layout.Columns, c, 2, true);
        Assert.Equal([100 + 7 - 16 + 27, 100 + 2 - 2 - 3, unchecked(100 + (int.MaxValue * 7) + 40 + 54), unchecked(100 + (int.MaxValue * 2) + 5 - 6)], result);

        long[] wide = Run(1, 1, 2, new long[] { 1L << 40, 3 }, Layout.Rows, new long[] { 4, 5 }, Layout.Rows, new long[] { 9 }, 1, false);
        Assert.Equal((1L << 42) + 15, wide[0]);
    }

    [Fact]
    public void NaNAndInfinityReachTheResult()
    {
        float[] a = [float.NaN, 1, 0, 1], b = [0, 1, float.PositiveInfinity, 2], c = new float[4];
        float[] result = Run(2, 2, 2, a, Layout.Rows, b, Layout.Rows, c, 2, false);
        Assert.Equal([float.NaN, float.NaN, float.PositiveInfinity, 2], result);
    }

    [Fact]
    public void OtherTypesAreRefusedByName()
    {
        var error = Assert.Throws<NotSupportedException>(
            () => Run(1, 1, 1, new short[1], Layout.Rows, new short[1], Layout.Rows, new short[1], 1, false));
        Assert.Contains("Int16", error.Message);
    }

    private sealed class CombinatorialLayoutsAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
            System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker)
            => new([.. from a in Enum.GetValues<Layout>() from b in Enum.GetValues<Layout>() select new TheoryDataRow<Layout, Layout>(a, b)]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}
