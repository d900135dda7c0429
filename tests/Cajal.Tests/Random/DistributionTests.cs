using Cajal.Kernels;

namespace Cajal.Tests;

/// <summary>Do the values follow their laws? Fixed seeds, bounds a right generator misses once in thousands of seeds.</summary>
public sealed class DistributionTests
{
    private const int Count = 1_000_000;

    /// <summary>Kolmogorov and Smirnov's distance times √n; above 2.2 has probability 1e-4.</summary>
    private static double KolmogorovSmirnov(double[] x, Func<double, double> distribution)
    {
        Array.Sort(x);
        var distance = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var p = distribution(x[i]);
            distance = Math.Max(distance, Math.Max(p - ((double)i / x.Length), ((i + 1.0) / x.Length) - p));
        }

        return distance * Math.Sqrt(x.Length);
    }

    /// <summary>Pearson's statistic for equally likely cells, in standard deviations from its mean.</summary>
    private static double ChiSquare(int[] cells)
    {
        var expected = cells.Sum() / (double)cells.Length;
        var statistic = cells.Sum(c => (c - expected) * (c - expected) / expected);
        var freedom = cells.Length - 1;
        return (statistic - freedom) / Math.Sqrt(2.0 * freedom);
    }

    private static double NormalCdf(double x) => Simd.NormalCdf(new System.Numerics.Vector<double>(x))[0];

    private static double[] Floats(Action<float[]> fill, int count = Count)
    {
        var x = new float[count];
        fill(x);
        return Array.ConvertAll(x, v => (double)v);
    }

    private static double[] Doubles(Action<double[]> fill, int count = Count)
    {
        var x = new double[count];
        fill(x);
        return x;
    }

    [Fact]
    public void UniformFollowsItsLaw()
    {
        foreach (var x in new[] { Floats(a => new Generator(2).FillUniform(a, -1, 3)),
            Doubles(a => new Generator(2).FillUniform(a, -1, 3)) })
        {
            Assert.All(x, v => Assert.True(v is >= -1 and < 3));
            Assert.InRange(KolmogorovSmirnov(x, v => (v + 1) / 4), 0.2, 2.2);
        }
    }

    [Fact]
    public void NormalFollowsItsLaw()
    {
        foreach (var x in new[] { Floats(a => new Generator(3).FillNormal(a, 2, 0.5f)),
            Doubles(a => new Generator(3).FillNormal(a, 2, 0.5)) })
        {
            var z = Array.ConvertAll(x, v => (v - 2) / 0.5);
            var root = Math.Sqrt(Count);
            Assert.InRange(z.Average() * root, -4, 4);
            Assert.InRange((z.Average(v => v * v) - 1) * root / Math.Sqrt(2), -4, 4);
            Assert.InRange(z.Average(v => v * v * v) * root / Math.Sqrt(15), -4, 4);
            Assert.InRange((z.Average(v => v * v * v * v) - 3) * root / Math.Sqrt(96), -4, 4);
            // The two numbers of one transform lie 16 apart.
            Assert.InRange(Enumerable.Range(0, Count - 16).Sum(i => z[i] * z[i + 16]) / root, -4, 4);
            Assert.InRange(Enumerable.Range(0, Count - 1).Sum(i => z[i] * z[i + 1]) / root, -4, 4);
            Assert.InRange(KolmogorovSmirnov(z, NormalCdf), 0.2, 2.2);
            Assert.True(z.Max() > 4.4 && z.Min() < -4.4);
        }
    }

    [Fact]
    public void PairsOfNeighboursFillTheSquare()
    {
        var x = Floats(a => new Generator(4).FillUniform(a));
        var cells = new int[64 * 64];
        for (var i = 0; i + 1 < x.Length; i += 2) cells[((int)(x[i] * 64) * 64) + (int)(x[i + 1] * 64)]++;
        Assert.InRange(ChiSquare(cells), -4, 4);
    }

    [Fact]
    public void BernoulliHasItsMean()
    {
        foreach (var p in new[] { 0.001, 0.3, 0.5, 0.9 })
        {
            var x = Floats(a => new Generator(5).FillBernoulli(a, p));
            Assert.All(x, v => Assert.True(v is 0 or 1));
            Assert.InRange((x.Average() - p) * Math.Sqrt(Count / (p * (1 - p))), -4, 4);
        }
    }

    [Fact]
    public void IntegersAreEquallyLikely()
    {
        var (small, large, cells) = (new int[Count], new long[Count], new int[37]);
        new Generator(6).FillIntegers(small, -7, 30);
        foreach (var v in small) cells[v + 7]++;
        Assert.InRange(ChiSquare(cells), -4, 4);
        // The first cell of a wide range must not be favoured by the multiplication.
        new Generator(6).FillIntegers(large, -(1L << 60), 31 * (1L << 57));
        Array.Clear(cells);
        Array.Resize(ref cells, 39);
        foreach (var v in large) cells[(int)((v + (1L << 60)) >> 57)]++;
        Assert.InRange(ChiSquare(cells), -4, 4);
    }

    [Fact]
    public void PermutationsAreEquallyLikely()
    {
        var generator = new Generator(7);
        var cells = new int[24];
        for (var i = 0; i < 48_000; i++)
        {
            var order = generator.Permutation(4);
            Assert.Equal([0, 1, 2, 3], order.Order());
            var rank = 0;
            for (var a = 0; a < 4; a++) rank = (rank * (4 - a)) + order[(a + 1)..].Count(v => v < order[a]);
            cells[rank]++;
        }

        Assert.InRange(ChiSquare(cells), -3.5, 4);
        Assert.Equal(Enumerable.Range(0, 1000), generator.Permutation(1000).Order());
        Assert.Empty(generator.Permutation(0));
    }

    [Fact]
    public void ChoiceFollowsItsWeights()
    {
        double[] weights = [1, 0, 2, 5, 0];
        var cells = new int[5];
        foreach (var index in new Generator(8).Choice(weights, 80_000)) cells[index]++;
        Assert.Equal((0, 0), (cells[1], cells[4]));
        Assert.InRange(cells[0], 10_000 - 400, 10_000 + 400);
        Assert.InRange(cells[2], 20_000 - 500, 20_000 + 500);

        var generator = new Generator(9);
        var firstThenSecond = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var chosen = generator.Choice(weights, 3, replacement: false);
            Assert.Equal([0, 2, 3], chosen.Order());
            if (chosen[0] == 3 && chosen[1] == 2) firstThenSecond++;
        }

        // 5/8 for the first, then 2/3 for the second.
        Assert.InRange(firstThenSecond / 20_000.0, (5 / 12.0) - 0.014, (5 / 12.0) + 0.014);
    }
}
