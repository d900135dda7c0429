namespace Cajal.Tests;

public sealed class GeneratorTests
{
    [Fact]
    public void EqualSeedsGiveEqualNumbersAndOthersDoNot()
    {
        float[] Draw(Generator generator)
        {
            var x = new float[100];
            generator.FillUniform(x);
            return x;
        }

        Assert.Equal(Draw(new(5, 2)), Draw(new(5, 2)));
        Assert.NotEqual(Draw(new(5, 2)), Draw(new(6, 2)));
        Assert.NotEqual(Draw(new(5, 2)), Draw(new(5, 3)));
        // The halves of the 64-bit seed and stream both matter.
        Assert.NotEqual(Draw(new(5)), Draw(new(5 + (1ul << 32))));
        Assert.NotEqual(Draw(new(5, 1)), Draw(new(5, 1 + (1ul << 32))));
    }

    [Fact]
    public void TheFirstNumbersNeverChange()
    {
        // Word 0 of counter 0 under key 0 is 6627e8d5 (the published answer).
        var x = new float[1];
        new Generator(0).FillUniform(x);
        Assert.Equal((0x6627e8d5u >> 8) / (float)(1 << 24), x[0]);
    }

    [Fact]
    public void AStoredStateContinuesWithTheSameNumbers()
    {
        var generator = new Generator(11, 4);
        generator.FillNormal(new float[37]);
        var state = generator.State;
        var expected = (generator.NextUniform(), generator.NextNormal(), generator.NextInt(1000));
        generator.State = state;
        Assert.Equal(expected, (generator.NextUniform(), generator.NextNormal(), generator.NextInt(1000)));
        var other = new Generator(0) { State = state };
        Assert.Equal(expected, (other.NextUniform(), other.NextNormal(), other.NextInt(1000)));
        Assert.Equal((11ul, 4ul, 40ul), (other.Seed, other.Stream, other.Position));
    }

    [Fact]
    public void SplitDependsOnSeedStreamAndLabelButNotOnPosition()
    {
        var generator = new Generator(3, 9);
        var before = generator.Split(1).State;
        generator.NextUniform();
        Assert.Equal(before, generator.Split(1).State);
        var states = new HashSet<GeneratorState> { before };
        Assert.True(states.Add(generator.Split(2).State));
        Assert.True(states.Add(new Generator(4, 9).Split(1).State));
        Assert.True(states.Add(new Generator(3, 10).Split(1).State));
        Assert.True(states.Add(generator.Split(1).Split(1).State));
    }

    [Fact]
    public void SplitStreamsAreUncorrelated()
    {
        const int count = 100_000;
        var root = new Generator(1);
        double[][] draws = [.. Enumerable.Range(0, 6).Select(i =>
        {
            var x = new double[count];
            (i == 0 ? root : root.Split((ulong)i)).FillNormal(x.AsSpan());
            return x;
        })];
        for (var i = 0; i < draws.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var correlation = draws[i].Zip(draws[j], (a, b) => a * b).Sum() / count;
                Assert.True(Math.Abs(correlation) < 4 / Math.Sqrt(count), $"streams {i} and {j} correlate by {correlation}");
            }
        }
    }

    [Fact]
    public async Task UseFollowsTheFlowAndEndsWithItsScope()
    {
        var outer = new Generator(1);
        var inner = new Generator(2);
        var shared = Generator.Current;
        using (outer.Use())
        {
            Assert.Same(outer, Generator.Current);
            await Task.Yield();
            Assert.Same(outer, Generator.Current);
            using (inner.Use()) Assert.Same(inner, await Task.Run(() => Generator.Current, TestContext.Current.CancellationToken));
            Assert.Same(outer, Generator.Current);
        }

        Assert.NotSame(outer, Generator.Current);
        Assert.NotSame(inner, shared);
    }

    [Fact]
    public void SetSeedRestartsTheProcessWideGenerator()
    {
        Generator.SetSeed(99);
        Assert.Equal(new GeneratorState(99, 0, 0), Generator.Current.State);
        Generator.SetSeed(0);
        Assert.Equal(0ul, Generator.Current.Seed);
    }

    [Fact]
    public void ThreadsSharingAGeneratorNeverGetTheSameValue()
    {
        var generator = new Generator(8);
        var drawn = new System.Collections.Concurrent.ConcurrentBag<double>();
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 2000; i++) drawn.Add(generator.NextUniform());
        });
        Assert.Equal(8000, drawn.Distinct().Count());
        Assert.Equal(8000ul, generator.Position);
    }

    [Fact]
    public void ErrorsNameTheRuleAndTheValues()
    {
        var generator = new Generator(0);
        Assert.Contains("low must be below high, but low is 2 and high is 2",
            Assert.Throws<ArgumentException>(() => generator.FillUniform(new float[1], 2, 2)).Message);
        Assert.Contains("must be finite",
            Assert.Throws<ArgumentException>(() => generator.FillUniform(new float[1], -3e38f, 3e38f)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.FillBernoulli(new float[1], double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.NextInt(0));
        Assert.Contains("only 2 weights are positive",
            Assert.Throws<ArgumentException>(() => generator.Choice([1, 0, 2], 3, replacement: false)).Message);
        Assert.Contains("weight 1 is -1", Assert.Throws<ArgumentException>(() => generator.Choice([1, -1], 1)).Message);
        Assert.Equal(0ul, generator.Position);
    }
}
