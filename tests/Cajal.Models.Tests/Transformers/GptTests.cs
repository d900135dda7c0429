namespace Cajal.Models.Tests;

/// <summary>The decoder against a scalar float64 reference, its memory against reading everything again, and what it draws.</summary>
public sealed class GptTests
{
    [Fact]
    public void TheParametersOfGpt2AreCounted()
    {
        // 12 E² + 13 E for each block, 2 E for the last normalisation, E for each token and position.
        static long Count(long vocabulary, long context, long width, long layers) => layers * (12 * width * width + 13 * width) + 2 * width + (vocabulary + context) * width;
        Assert.Equal(124_439_808, Count(50_257, 1024, 768, 12)); // as published for the smallest GPT-2
        Assert.Equal(Count(61, 32, 24, 3), new Gpt(61, 32, 24, 3, 4).ParameterCount);
        Assert.Equal(Count(61, 32, 24, 3) + 61 * 24, new Gpt(61, 32, 24, 3, 4, tied: false).ParameterCount);
    }

    [Fact]
    public void KeysAreThoseOfGpt2()
    {
        string[] block = ["ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias", "attn.c_proj.weight", "attn.c_proj.bias", "ln_2.weight", "ln_2.bias",
            "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias"];
        string[] expected = ["transformer.wte.weight", "transformer.wpe.weight", .. block.Select(key => "transformer.h.0." + key), "transformer.ln_f.weight", "lm_head.weight"];
        var keys = new Gpt(7, 5, 8, 1, 2, tied: false).StateDict().Keys.ToList();
        Assert.Equal(expected.Order(), keys.Where(key => key != "transformer.ln_f.bias").Order());
        Assert.DoesNotContain("lm_head.weight", new Gpt(7, 5, 8, 1, 2).StateDict().Keys);
        Assert.DoesNotContain(new Gpt(7, 5, 8, 1, 2, bias: false).StateDict().Keys, key => key.EndsWith("bias", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void LogitsAreThoseOfAScalarLoop(bool tied, bool bias)
    {
        using var scope = new Generator(1).Use();
        var net = Float64(new Gpt(9, 6, 8, 2, 2, bias: bias, tied: tied));
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape, std: 0.4, dtype: DType.Float64));
        int[] tokens = [3, 8, 0, 5, 5];
        var logits = net.Forward(Tensor.From(tokens, 1, 5));
        double[,] expected = ScalarGpt.Logits(net.StateDict(), tokens, width: 8, layers: 2, heads: 2);
        for (int t = 0; t < 5; t++)
        {
            for (int k = 0; k < 9; k++) Assert.Equal(expected[t, k], logits.At(0, t, k), 1e-9);
        }
    }

    [Fact]
    public void ForwardWithWeightsGivesTheSameLogits()
    {
        var net = Float64(new Gpt(9, 6, 8, 2, 2));
        net.Eval();
        var tokens = Tensor.Integers([2, 6], 0, 9);
        var (logits, weights) = net.ForwardWithWeights(tokens);
        Assert.True(logits.AllClose(net.Forward(tokens), 1e-10, 1e-10));
        Assert.Equal(2, weights.Count);
        Assert.All(weights, layer =>
        {
            Assert.Equal(Shape.Create(2, 2, 6, 6), layer.Shape);
            Assert.True(layer.Sum(-1).AllClose(Tensor.Ones([2, 2, 6], DType.Float64), 1e-12, 1e-12));
            Assert.Equal(0, layer.Triu(1).Abs().Max().Item());
        });
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        using var scope = new Generator(1).Use();
        var net = Float64(new Gpt(5, 4, 4, 1, 2));
        var tokens = Tensor.From([0, 4, 2, 2], 1, 4);
        var parameters = net.Parameters().ToArray();
        net.Forward(tokens).Square().Sum().Backward();
        foreach (var parameter in parameters)
        {
            double[] slope = parameter.Grad!.ToArray<double>(), at = parameter.ToArray<double>();
            foreach (int i in new[] { 0, at.Length / 2, at.Length - 1 })
            {
                Assert.Equal((Moved(i, 1e-5) - Moved(i, -1e-5)) / 2e-5, slope[i], 1e-6);
            }

            double Moved(int i, double by)
            {
                using var still = new NoGrad();
                double[] values = [.. at];
                values[i] += by;
                parameter.CopyFrom(Tensor.From(values, values.Length).Reshape(parameter.Shape));
                double sum = net.Forward(tokens).Square().Sum().Item();
                parameter.CopyFrom(Tensor.From(at, at.Length).Reshape(parameter.Shape));
                return sum;
            }
        }
    }

    [Fact]
    public void TheMemoryGivesWhatReadingEverythingGives()
    {
        var net = Float64(new Gpt(11, 8, 12, 3, 3));
        net.Eval();
        var tokens = Tensor.Integers([2, 8], 0, 11);
        var whole = net.Forward(tokens);
        var memory = net.NewMemory(batch: 2);
        Close(2, net.Continue(tokens.Narrow(1, 0, 3), memory));
        for (int t = 3; t < 8; t++) Close(t, net.Continue(tokens.Narrow(1, t, 1), memory));
        Assert.Equal((8, 8), (memory.Length, memory.Capacity));
        Assert.Contains("9 positions do not fit into the context of 8", Assert.Throws<ShapeException>(() => net.Continue(tokens.Narrow(1, 0, 1), memory)).Message);
        memory.Clear();
        Close(0, net.Continue(tokens.Narrow(1, 0, 1), memory));

        void Close(int t, Tensor logits) => Assert.True(logits.AllClose(whole.Select(1, t), 1e-10, 1e-10), $"position {t}");
    }

    [Fact]
    public void WritesWhatTheLikeliestTokensAre()
    {
        using var scope = new Generator(1).Use();
        var net = Float64(new Gpt(11, 8, 12, 2, 3, tied: false));
        foreach (var (key, parameter) in net.NamedParameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape, std: key == "transformer.wpe.weight" ? 3 : 0.5, dtype: DType.Float64));
        net.Eval();
        int[] written = [.. net.Generate([4, 1, 7], new() { Temperature = 0 }).Take(20)];
        // The same without a memory: all of the context read again for every token, half of it forgotten when it is full.
        List<int> seen = [4, 1, 7];
        foreach (int token in written)
        {
            var logits = net.Forward(Tensor.From([.. seen], 1, seen.Count)).Select(1, seen.Count - 1);
            Assert.Equal(logits.ArgMax(-1).Item(), token);
            seen.Add(token);
            if (seen.Count > 8) seen.RemoveRange(0, seen.Count - 4);
        }
        Assert.True(written.Distinct().Count() > 1);
    }

    [Fact]
    public void DrawsFollowTheProbabilitiesAndTheCuts()
    {
        // Weights of zero but for the last map: logits are ln of these probabilities.
        double[] p = [0.5, 0.25, 0.15, 0.1];
        var net = new Gpt(4, 600, 4, 1, 1, tied: false);
        foreach (var (key, parameter) in net.NamedParameters())
        {
            if (key == "lm_head.weight") parameter.CopyFrom(Tensor.From([.. p.Select(value => (float)Math.Log(value))], 4, 1) * Tensor.From([1f, 0, 0, 0], 1, 4));
            else parameter.Fill(0);
            if (key == "transformer.ln_f.bias") parameter.CopyFrom(Tensor.From([1f, 0, 0, 0], 4));
        }
        Matches(new() { }, p);
        Matches(new() { Temperature = 0.5 }, Normal(p.Select(value => value * value)));
        Matches(new() { TopK = 2 }, [2.0 / 3, 1.0 / 3, 0, 0]);
        Matches(new() { TopP = 0.8 }, Normal([0.5, 0.25, 0.15, 0]));
        Matches(new() { TopP = 0.1 }, [1, 0, 0, 0]);
        Matches(new() { TopK = 3, TopP = 0.8 }, [2.0 / 3, 1.0 / 3, 0, 0]); // of the three, two have 0.83

        void Matches(Sampling sampling, double[] expected)
        {
            const int Draws = 4000;
            var counts = new int[4];
            foreach (int token in net.Generate([0], sampling, new Generator(5)).Take(Draws)) counts[token]++;
            for (int k = 0; k < 4; k++)
            {
                // Four standard deviations of a binomial share.
                Assert.Equal(expected[k], (double)counts[k] / Draws, 4 * Math.Sqrt(expected[k] * (1 - expected[k]) / Draws) + 1e-9);
            }
        }

        static double[] Normal(IEnumerable<double> weights) => [.. weights.Select(weight => weight / weights.Sum())];
    }

    [Fact]
    public void TheSameSeedWritesTheSame()
    {
        var net = new Gpt(11, 8, 12, 2, 3);
        int[] Written(ulong seed) => [.. net.Generate([1], random: new Generator(seed)).Take(30)];
        Assert.Equal(Written(1), Written(1));
        Assert.NotEqual(Written(1), Written(2));
    }

    [Fact]
    public void GenerationLeavesTheCallersGradientsAlone()
    {
        var net = new Gpt(11, 8, 12, 2, 3);
        foreach (int token in net.Generate([1]).Take(3)) Assert.True(NoGrad.IsRecording);
        Assert.True(NoGrad.IsRecording);
    }

    [Fact]
    public void ErrorsTeach()
    {
        var net = new Gpt(11, 8, 12, 2, 3);
        Assert.Contains("tokens must be [N, T]", Assert.Throws<ShapeException>(() => net.Forward(Tensor.From([1, 2], 2))).Message);
        Assert.Contains("9 positions do not fit", Assert.Throws<ShapeException>(() => net.Forward(Tensor.From(new int[9], 1, 9))).Message);
        Assert.Contains("at least one token", Assert.Throws<ArgumentException>(() => net.Generate([])).Message);
        Assert.Contains("tokens run from 0 to 10", Assert.Throws<ArgumentException>(() => net.Generate([11])).Message);
        Assert.Contains("multiple of heads", Assert.Throws<ArgumentException>(() => new Gpt(11, 8, 12, 2, 5)).Message);
        Assert.Contains("layers must be at least 1", Assert.Throws<ArgumentOutOfRangeException>(() => new Gpt(11, 8, 12, 0, 3)).Message);
        Assert.Contains("(0, 1]", Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling { TopP = 0 }).Message);
        net.Layers[0].FeedForward.Narrow.Bias!.Fill(double.NaN);
        Assert.Contains("spoilt", Assert.Throws<DivergenceException>(() => net.Generate([1]).First()).Message);
        var memory = net.NewMemory();
        net.Continue(Tensor.From([1, 2], 1, 2), memory);
        Assert.Contains("T = 1, since the memory is not empty", Assert.Throws<ShapeException>(() => net.Continue(Tensor.From([1, 2], 1, 2), memory)).Message);
    }

    private static Gpt Float64(Gpt net)
    {
        net.To(DType.Float64);
        return net;
    }
}
