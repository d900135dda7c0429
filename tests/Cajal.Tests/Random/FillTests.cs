namespace Cajal.Tests;

/// <summary>Element i of a fill depends on seed, stream and position + i only, however the fill is cut.</summary>
public sealed class FillTests
{
    private static readonly Dictionary<string, Func<Generator, int, double[]>> Fills = new()
    {
        ["UniformFloat"] = (g, n) => Draw<float>(n, x => g.FillUniform(x, -2, 3)),
        ["UniformDouble"] = (g, n) => Draw<double>(n, x => g.FillUniform(x, -2, 3)),
        ["NormalFloat"] = (g, n) => Draw<float>(n, x => g.FillNormal(x, 1, 2)),
        ["NormalDouble"] = (g, n) => Draw<double>(n, x => g.FillNormal(x, 1, 2)),
        ["Bernoulli"] = (g, n) => Draw<float>(n, x => g.FillBernoulli(x, 0.3)),
        ["Int"] = (g, n) => Draw<int>(n, x => g.FillIntegers(x, -50, 1000)),
        ["Long"] = (g, n) => Draw<long>(n, x => g.FillIntegers(x, -50, 1L << 50)),
    };

    public static TheoryData<string> Names => [.. Fills.Keys];

    private static double[] Draw<T>(int n, Action<T[]> fill) where T : IConvertible
    {
        var x = new T[n];
        fill(x);
        return Array.ConvertAll(x, v => v.ToDouble(null));
    }

    [Theory, MemberData(nameof(Names))]
    public void AFillOfAThousandEqualsItsParts(string name)
    {
        var whole = Fills[name](new Generator(7, 1), 1000);
        foreach (var cut in new[] { 1, 15, 16, 17, 63, 64, 65, 400, 999 })
        {
            var generator = new Generator(7, 1);
            Assert.Equal(whole, Fills[name](generator, cut).Concat(Fills[name](generator, 1000 - cut)));
        }

        var single = new Generator(7, 1);
        Assert.Equal(whole[..200], Enumerable.Range(0, 200).SelectMany(_ => Fills[name](single, 1)));
    }

    [Theory, MemberData(nameof(Names))]
    public void ThreadsFillTheSameValuesInAnyOrder(string name)
    {
        const int parts = 13, length = 1003;
        var whole = Fills[name](new Generator(7, 1), parts * length);
        var pieces = new double[parts][];
        Parallel.For(0, parts, part => pieces[part] = Fills[name](new Generator(7, 1) { State =
            new(7, 1, (ulong)(part * length)) }, length));
        Assert.Equal(whole, pieces.SelectMany(piece => piece));
    }

    [Theory, MemberData(nameof(Names))]
    public void EveryPositionMatters(string name)
    {
        if (name == "Bernoulli") return;
        var x = Fills[name](new Generator(7), 640);
        // A repeated word or a repeated group would show as equal neighbours at some distance.
        for (var distance = 1; distance <= 320; distance++)
            Assert.True(Enumerable.Range(0, 320).Count(i => x[i] == x[i + distance]) < 5, $"{name} repeats itself after {distance}");
    }

    [Fact]
    public void KindsOfDrawsShareNoWords()
    {
        // The first double and the first two floats would agree if they came from the same counter.
        var (floats, doubles) = (new float[64], new double[32]);
        new Generator(0).FillUniform(floats);
        new Generator(0).FillUniform(doubles);
        Assert.DoesNotContain(doubles, d => floats.Any(f => Math.Abs(f - d) < 1e-7));
    }

    [Fact]
    public void ScalarsEqualFills()
    {
        var (scalar, filled) = (new Generator(5), new Generator(5));
        var (uniform, integers) = (new double[100], new int[100]);
        filled.FillUniform(uniform);
        filled.FillIntegers(integers, 0, 77);
        Assert.Equal(uniform, Enumerable.Range(0, 100).Select(_ => scalar.NextUniform()));
        Assert.Equal(integers, Enumerable.Range(0, 100).Select(_ => scalar.NextInt(77)));
    }

    [Fact]
    public void UniformNeverReturnsItsUpperBound()
    {
        // One ULP wide: rounding alone would give the upper bound half the time.
        var (low, high) = (1f, MathF.BitIncrement(1));
        var x = new float[1000];
        new Generator(1).FillUniform(x, low, high);
        Assert.All(x, v => Assert.Equal(low, v));
        var wide = new double[1000];
        new Generator(1).FillUniform(wide, 1, Math.BitIncrement(1.0));
        Assert.All(wide, v => Assert.Equal(1, v));
    }

    [Fact]
    public void ExtremeProbabilitiesAndRanges()
    {
        var x = new float[1000];
        new Generator(1).FillBernoulli(x, 1);
        Assert.All(x, v => Assert.Equal(1, v));
        new Generator(1).FillBernoulli(x, 0);
        Assert.All(x, v => Assert.Equal(0, v));
        var all = new long[1000];
        new Generator(1).FillIntegers(all, long.MinValue, long.MaxValue);
        Assert.InRange(all.Count(v => v < 0), 420, 580);
        Assert.True(all.Max() > long.MaxValue / 10 * 9 && all.Min() < long.MinValue / 10 * 9);
        var ints = new int[1000];
        new Generator(1).FillIntegers(ints, int.MinValue, int.MaxValue);
        Assert.InRange(ints.Count(v => v < 0), 420, 580);
    }
}
