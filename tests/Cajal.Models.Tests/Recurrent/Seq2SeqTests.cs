namespace Cajal.Models.Tests;

/// <summary>Encoder and decoder: with a teacher, without one, and against enumeration.</summary>
public sealed class Seq2SeqTests
{
    private const int Symbols = 5, Longest = 3;

    public static TheoryData<AttentionScheme> Schemes => [AttentionScheme.Luong, AttentionScheme.Bahdanau];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void PaddingDoesNotMatter(AttentionScheme scheme)
    {
        var net = Net(scheme);
        var target = Tensor.From([3L, 4, Seq2Seq.End, 4L, 3, Seq2Seq.End], 2, 3);
        var both = net.Forward(Tensor.From([3L, 4, 4, 3, 5, 3L, 5, 0, 0, 0], 2, 5), target);
        Assert.Equal(Shape.Create(2, 3, Symbols), both.Shape);
        Assert.True(both.Narrow(0, 1, 1).AllClose(net.Forward(Tensor.From([3L, 5], 1, 2), target.Narrow(0, 1, 1)), 0, 1e-12));
        var memory = net.Encode(Tensor.From([3L, 4, 4, 3, 5, 3L, 5, 0, 0, 0], 2, 5));
        var weights = net.Decoder.Run(Tensor.From([3L, 3L], 2, 1), memory.State, memory).Weights;
        Assert.Equal(0, weights.Select(0, 1).Narrow(1, 2, 3).Sum().Item());
        Assert.True(weights.Sum(2).AllClose(Tensor.Ones([2, 1], DType.Float64), 0, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void TheTeacherGoesStepByStep(AttentionScheme scheme)
    {
        var net = Net(scheme);
        var (source, target) = (Tensor.From([3L, 5, 4], 1, 3), Tensor.From([4L, 3, Seq2Seq.End], 1, 3));
        var whole = net.Forward(source, target);
        var memory = net.Encode(source);
        var state = memory.State;
        long[] before = [Seq2Seq.Begin, 4, 3];
        for (int t = 0; t < 3; t++)
        {
            var output = net.Decoder.Run(Tensor.From([before[t]], 1, 1), state, memory);
            state = output.State;
            Assert.True(output.Logits.Select(1, 0).AllClose(whole.Select(1, t), 0, 1e-12));
        }
    }

    [Fact]
    public void PaddedTargetsCostNothing()
    {
        var net = Net(AttentionScheme.Luong);
        var source = Tensor.From([3L, 4], 1, 2);
        double plain = net.Loss(source, Tensor.From([3L, Seq2Seq.End], 1, 2)).Item();
        Assert.Equal(plain, net.Loss(source, Tensor.From([3L, Seq2Seq.End, 0, 0], 1, 4)).Item(), 1e-12);
        var logs = net.Forward(source, Tensor.From([3L, Seq2Seq.End], 1, 2)).LogSoftmax();
        Assert.Equal(-(logs.At(0, 0, 3) + logs.At(0, 1, Seq2Seq.End)) / 2, plain, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void GreedyTakesTheLikeliestEachTime(AttentionScheme scheme)
    {
        var net = Net(scheme);
        var source = Tensor.From([3L, 5, 4, 3L, 0, 0], 2, 3);
        var decoded = net.Greedy(source, Longest);
        for (int n = 0; n < 2; n++)
        {
            int[] written = decoded.Symbols[n];
            var given = source.Narrow(0, n, 1);
            long[] best = net.Forward(given, Padded(written)).ArgMax().ToArray<long>();
            for (int t = 0; t < written.Length; t++) Assert.Equal(best[t], written[t]);
            if (written.Length < Longest) Assert.Equal(Seq2Seq.End, best[written.Length]);
        }
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void AWideBeamFindsWhatEnumerationFinds(AttentionScheme scheme)
    {
        var net = Net(scheme);
        var source = Tensor.From([3L, 5, 4], 1, 3);
        var all = new List<(int[] Symbols, double LogProbability)>();
        foreach (int[] text in Texts())
        {
            var logs = net.Forward(source, Padded(text)).LogSoftmax();
            double sum = text.Select((symbol, t) => logs.At(0, t, symbol)).Sum();
            all.Add((text, text.Length < Longest ? sum + logs.At(0, text.Length, Seq2Seq.End) : sum));
        }
        var expected = all.OrderByDescending(one => one.LogProbability).ToList();
        var found = net.BeamSearch(source, Longest, width: 200);
        Assert.Equal(expected.Select(one => one.Symbols), found.Select(hypothesis => hypothesis.Symbols));
        for (int i = 0; i < expected.Count; i++) Assert.Equal(expected[i].LogProbability, found[i].LogProbability, 1e-12);
        Assert.Equal(1, found.Sum(hypothesis => Math.Exp(hypothesis.LogProbability)), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void ABeamOfOneIsGreedy(AttentionScheme scheme)
    {
        var net = Net(scheme);
        var source = Tensor.From([4L, 5, 3], 1, 3);
        var only = Assert.Single(net.BeamSearch(source, 6, width: 1));
        Assert.Equal(net.Greedy(source, 6).Symbols[0], only.Symbols);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void ItLearnsToReverse(AttentionScheme scheme)
    {
        using var seed = new Generator(1).Use();
        var net = new Seq2Seq(8, 8, 12, 24, scheme);
        var optimizer = new Adam(net, 1e-2);
        for (int step = 0; step < 200; step++)
        {
            var source = Tensor.Integers([32, 4], 3, 8);
            net.ZeroGrad();
            net.Loss(source, Reversed(source)).Backward();
            optimizer.Step();
        }
        var fresh = Tensor.Integers([100, 4], 3, 8);
        var written = net.Greedy(fresh, 6).Symbols;
        long[] symbols = fresh.ToArray<long>();
        int right = Enumerable.Range(0, 100).Count(n => written[n].Select(symbol => (long)symbol).SequenceEqual(symbols[(4 * n)..(4 * n + 4)].Reverse()));
        Assert.True(right >= 90, $"{right} of 100 reversed");

        static Tensor Reversed(Tensor source) => Tensor.Concat([source.Flip(1), Tensor.Full([source.Shape[0], 1], Seq2Seq.End, DType.Int64)], 1);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void SameSeedSameBitsOnAnyNumberOfThreads(AttentionScheme scheme)
    {
        int before = Compute.Threads;
        try
        {
            var weights = Array.ConvertAll([1, 3], threads =>
            {
                Compute.Threads = threads;
                using var seed = new Generator(7).Use();
                var net = new Seq2Seq(40, 20, 32, 64, scheme, dropout: 0.1);
                var optimizer = new Adam(net);
                for (int step = 0; step < 3; step++)
                {
                    net.ZeroGrad();
                    net.Loss(Tensor.Integers([50, 20], 3, 40), Tensor.Integers([50, 11], 3, 20)).Backward();
                    optimizer.Step();
                }
                return net.StateDict();
            });
            foreach (string key in weights[0].Keys) Assert.Equal(weights[0][key].ToArray<float>(), weights[1][key].ToArray<float>());
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    [Fact]
    public void BadTextsAreRefused()
    {
        var net = Net(AttentionScheme.Luong);
        Assert.Contains("source 1 holds nothing but padding", Assert.Throws<ArgumentException>(() => net.Encode(Tensor.From([3L, 0L], 2, 1))).Message);
        Assert.Contains("pad behind the last symbol only", Assert.Throws<ArgumentException>(() => net.Encode(Tensor.From([3L, 0, 4], 1, 3))).Message);
        Assert.Contains("the target must be [N, T]", Assert.Throws<ShapeException>(() => net.Forward(Tensor.From([3L], 1, 1), Tensor.From([3L, 3], 2, 1))).Message);
        Assert.Contains("takes one source [1, S]", Assert.Throws<ShapeException>(() => net.BeamSearch(Tensor.From([3L, 3], 2, 1), 3, 2)).Message);
    }

    private static Seq2Seq Net(AttentionScheme scheme)
    {
        using var seed = new Generator(9).Use();
        var net = new Seq2Seq(6, Symbols, 4, 6, scheme);
        net.To(DType.Float64);
        return net;
    }

    /// <summary>A text with its end, or without where it is of full length, as a target.</summary>
    private static Tensor Padded(int[] text)
    {
        long[] symbols = [.. text.Select(symbol => (long)symbol), Seq2Seq.End];
        return Tensor.From(symbols[..Math.Min(symbols.Length, Longest)], 1, Math.Min(symbols.Length, Longest));
    }

    /// <summary>Every text up to <see cref="Longest"/> symbols; an end is written only by ending.</summary>
    private static IEnumerable<int[]> Texts()
    {
        var texts = new List<int[]> { Array.Empty<int>() };
        for (int at = 0; at < texts.Count; at++)
        {
            yield return texts[at];
            if (texts[at].Length == Longest) continue;
            foreach (int symbol in Enumerable.Range(0, Symbols).Where(symbol => symbol != Seq2Seq.End)) texts.Add([.. texts[at], symbol]);
        }
    }
}
