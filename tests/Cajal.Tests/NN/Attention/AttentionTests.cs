using Cajal.Tests.IO;
using Cajal.Tests.Threading;

namespace Cajal.Tests.NN;

/// <summary>What attention promises beyond its formula: numeric edges, dropout, threads, files, messages.</summary>
[Collection(nameof(Compute.Threads))]
public class AttentionTests
{
    [Theory]
    [InlineData(1e4)]
    [InlineData(-1e4)]
    public void LargeScoresNeitherOverflowNorLoseTheGradient(double size)
    {
        // Scores ±size and half of it: the softmax is a choice.
        var q = Tensor.Variable([1f], 1, 1);
        var k = Tensor.Variable([(float)size, (float)(size / 2)], 2, 1);
        var v = Tensor.Variable([3f, 5f], 2, 1);
        var y = Tensor.ScaledDotProductAttention(q, k, v, scale: 1);
        Assert.Equal(size > 0 ? 3 : 5, y.Item());
        y.Sum().Backward();
        Assert.Equal(size > 0 ? [1f, 0] : [0f, 1], v.Grad!.ToArray<float>());
        Assert.Equal([0f, 0], k.Grad!.ToArray<float>());
        Assert.Equal(0, q.Grad!.Item());
    }

    [Fact]
    public void AQueryThatSeesNothingGivesZerosAndNoGradient()
    {
        var q = Tensor.Normal([2, 3], 0, 1, generator: new Generator(1)).WithGrad();
        var k = Tensor.Normal([4, 3], 0, 1, generator: new Generator(2)).WithGrad();
        var v = Tensor.Normal([4, 2], 0, 1, generator: new Generator(3)).WithGrad();
        var mask = Tensor.From([false, false, false, false, true, true, false, true], 2, 4);
        var y = Tensor.ScaledDotProductAttention(q, k, v, mask);
        y.Sum().Backward(retainGraph: true);
        Assert.Equal([0f, 0], y.Select(0, 0).ToArray<float>());
        Assert.Equal([0f, 0, 0], q.Grad!.Select(0, 0).ToArray<float>());
        Assert.Equal([0f, 0], v.Grad!.Select(0, 2).ToArray<float>());
        Assert.All(k.Grad!.ToArray<float>(), value => Assert.True(float.IsFinite(value)));
        Assert.Contains(q.Grad!.Select(0, 1).ToArray<float>(), value => value != 0);
        var recorded = Differentiate.Grad(y.Sum(), [q, k, v], createGraph: true);
        foreach (var (plain, again) in new[] { q, k, v }.Zip(recorded)) Tolerances.Float32.Check(plain.Grad!.ToArray<float>(), again.ToArray<double>(), "gradient");
    }

    [Theory]
    [InlineData(3, 7, false)]
    [InlineData(70, 90, false)]
    [InlineData(70, 90, true)]
    public void DropoutIsTheSameInEveryForm(int queries, int keys, bool causal)
    {
        var q = Tensor.Normal([2, queries, 4], 0, 1, generator: new Generator(1)).Cast(DType.Float64).WithGrad();
        var k = Tensor.Normal([2, keys, 4], 0, 1, generator: new Generator(2)).Cast(DType.Float64).WithGrad();
        var v = Tensor.Normal([2, keys, 3], 0, 1, generator: new Generator(3)).Cast(DType.Float64).WithGrad();
        Tensor At(ulong seed)
        {
            var generator = new Generator(seed);
            using var scope = generator.Use();
            return Tensor.ScaledDotProductAttention(q, k, v, causal: causal, dropout: 0.3);
        }
        var y = At(5);
        Assert.Equal(y.ToArray<double>(), At(5).ToArray<double>());
        Assert.NotEqual(y.ToArray<double>(), At(6).ToArray<double>());
        var upstream = Tensor.Normal([2, queries, 3], 0, 1, generator: new Generator(4)).Cast(DType.Float64);
        var plain = Differentiate.Grad(y, [q, k, v], upstream, retainGraph: true);
        var recorded = Differentiate.Grad(y, [q, k, v], upstream, createGraph: true);
        for (int i = 0; i < 3; i++) Tolerances.Float64.Times(10).Check(plain[i].ToArray<double>(), recorded[i].ToArray<double>(), $"gradient {i}");
        // The result is linear in the values, so it is its own derivative there.
        Assert.Equal((y * upstream).Sum().Item(), (plain[2] * v).Sum().Item(), 1e-9);
        // And the derivative in the direction of the queries is what a difference gives with the same dropout.
        if (queries > 3) return;
        var report = GradientCheck.First(x =>
        {
            var generator = new Generator(5);
            using var scope = generator.Use();
            return Tensor.ScaledDotProductAttention(x[0], x[1], x[2], causal: causal, dropout: 0.3);
        }, [q.Detach(), k.Detach(), v.Detach()]);
        Assert.True(report.Passes(), report.ToString());
    }

    [Fact]
    public void DropoutKeepsTheMean()
    {
        var q = Tensor.Zeros(1, 2000, 2);
        var k = Tensor.Zeros(1, 50, 2);
        var generator = new Generator(9);
        using var scope = generator.Use();
        double mean = Tensor.ScaledDotProductAttention(q, k, Tensor.Ones(1, 50, 1), dropout: 0.4).Mean().Item();
        // Each weight has deviation √(p / (1 - p)) / 50; the mean is over 100 000 of them.
        Assert.InRange(mean, 1 - 5 * 0.0026, 1 + 5 * 0.0026);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PackedSelfAttentionEqualsSeparateProjections(bool batchFirst)
    {
        var layer = new MultiheadAttention(8, 2, dropout: 0.25, batchFirst: batchFirst);
        layer.To(DType.Float64);
        var x = Tensor.Normal([3, 5, 8], 0, 1, generator: new Generator(1)).Cast(DType.Float64);
        var mask = Tensor.Normal([5, 5], 0, 1, generator: new Generator(2)).Cast(DType.Float64).WithGrad();
        if (!batchFirst) mask = mask.Detach().Narrow(0, 0, 3).Narrow(1, 0, 3).Clone().WithGrad();
        var (y, gradients) = Run((a, m) => layer.Forward(a, a, a, m, causal: true));
        // Another reference to the same tensor takes the way of three projections.
        var (separate, others) = Run((a, m) => layer.Forward(a, a.View(a.Dims, null, a.Offset), a.View(a.Dims, null, a.Offset), m, causal: true));
        Tolerances.Float64.Check(separate, y, "value");
        for (int i = 0; i < gradients.Length; i++) Tolerances.Float64.Times(10).Check(others[i], gradients[i], $"gradient {i}");
        var (weighted, _) = Run((a, m) => layer.ForwardWithWeights(a, a, a, m, causal: true).Output);
        Tolerances.Float64.Check(weighted, y, "value with weights");

        (double[], double[][]) Run(Func<Tensor, Tensor, Tensor> f)
        {
            var generator = new Generator(3);
            using var scope = generator.Use();
            layer.ZeroGrad();
            mask.Grad = null;
            var y = f(x, mask);
            y.Square().Sum().Backward();
            return (y.ToArray<double>(), [mask.Grad!.ToArray<double>(), .. layer.Parameters().Select(parameter => parameter.Grad!.ToArray<double>())]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SelfAttentionCanBeDifferentiatedTwice(bool batchFirst)
    {
        var layer = new MultiheadAttention(4, 2, batchFirst: batchFirst);
        layer.To(DType.Float64);
        var x = Tensor.Normal([2, 3, 4], 0, 1, generator: new Generator(1)).Cast(DType.Float64);
        Tensor F(Tensor[] v) => layer.Forward(v[0]).Square().Sum();
        var first = GradientCheck.First(F, [x]);
        Assert.True(first.Passes(), first.ToString());
        var second = GradientCheck.Second(F, [x]);
        Assert.True(second.Passes(1e-5), second.ToString());
    }

    [Fact]
    public void TheNumberOfThreadsChangesNoBit()
    {
        int before = Compute.Threads;
        try
        {
            var layer = new MultiheadAttention(16, 4, dropout: 0.1, batchFirst: true);
            var x = Tensor.Normal([5, 100, 16], 0, 1, generator: new Generator(8));
            Compute.Threads = 1;
            var expected = Bits();
            foreach (int threads in new[] { 2, 3 })
            {
                Compute.Threads = threads;
                Assert.Equal(expected, Bits());
            }

            float[] Bits()
            {
                var generator = new Generator(4);
                using var scope = generator.Use();
                layer.ZeroGrad();
                layer.Forward(x, x, x, causal: true).Square().Sum().Backward();
                return [.. layer.Parameters().SelectMany(parameter => parameter.Grad!.ToArray<float>())];
            }
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    [Fact]
    public void AFileHoldsLayerAndWeights()
    {
        using var folder = new Scratch();
        foreach (var layer in new[] { new MultiheadAttention(8, 4, 0.5, batchFirst: true), new MultiheadAttention(8, 2, bias: false, kdim: 3, vdim: 5) })
        {
            layer.Eval();
            layer.Save(folder["attention.safetensors"]);
            var loaded = Module.Load<MultiheadAttention>(folder["attention.safetensors"]);
            loaded.Eval();
            Assert.Equal(layer.ToString(), loaded.ToString());
            var (query, key, value) = (Tensor.Normal([2, 2, 8], 0, 1), Tensor.Normal([2, 2, 3], 0, 1), Tensor.Normal([2, 2, 5], 0, 1));
            if (layer.StateDict().ContainsKey("in_proj_weight")) (key, value) = (query, query);
            Assert.Equal(layer.Forward(query, key, value).ToArray<float>(), loaded.Forward(query, key, value).ToArray<float>());
        }
        Assert.Equal(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], new MultiheadAttention(8, 4).StateDict().Keys);
        Assert.Equal(["q_proj_weight", "k_proj_weight", "v_proj_weight", "out_proj.weight"], new MultiheadAttention(8, 4, bias: false, kdim: 3).StateDict().Keys);
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        var layer = new MultiheadAttention(8, 2, kdim: 3, batchFirst: true);
        Tensor q = Tensor.Zeros(2, 5, 8), k = Tensor.Zeros(2, 4, 3), v = Tensor.Zeros(2, 4, 8);
        Says("MultiheadAttention: query must be [N, T, embedDim = 8], but it is [2, 5, 7].", () => layer.Forward(Tensor.Zeros(2, 5, 7), k, v));
        Says("MultiheadAttention: key must be [N, S, kdim = 3], but it is [2, 5, 8].", () => layer.Forward(q));
        Says("MultiheadAttention: query, key and value must agree in N, key and value in S; query [2, 5, 8], key [2, 4, 3], value [2, 3, 8], read as [N, T, ...] because batchFirst is true.",
            () => layer.Forward(q, k, Tensor.Zeros(2, 3, 8)));
        Says("MultiheadAttention: mask must be [T, S] = [5, 4], [N · numHeads, T, S] = [4, 5, 4] or [N, numHeads, T, S], Bool or real, but it is Bool [4, 5].",
            () => layer.Forward(q, k, v, Tensor.Zeros([4, 5], DType.Bool)));
        Says("MultiheadAttention: keyPaddingMask must be [N, S] = [2, 4], Bool or real, but it is Bool [2, 5].", () => layer.Forward(q, k, v, null, Tensor.Zeros([2, 5], DType.Bool)));
        var error = Assert.Throws<ArgumentException>(() => new MultiheadAttention(8, 3));
        Assert.Contains("embedDim (8) must be a multiple of numHeads (3)", error.Message, StringComparison.Ordinal);

        static void Says(string text, Func<object> call) => Assert.Equal(text, Assert.Throws<ShapeException>(call).Message);
    }

    [Fact]
    public void AMaskForEachHeadIsItsOwn()
    {
        var layer = new MultiheadAttention(4, 2, batchFirst: true);
        var x = Tensor.Normal([3, 2, 4], 0, 1, generator: new Generator(1));
        var mask = Tensor.Zeros([6, 2, 2], DType.Bool);
        mask.AsSpan<bool>()[(2 * 2 + 1) * 4 + 1] = true;
        var weights = layer.ForwardWithWeights(x, x, x, mask, averageHeads: false).Weights;
        Assert.Equal(0, weights.At(2, 1, 0, 1));
        Assert.Equal(1, weights.At(2, 1, 0, 0));
        Assert.Equal(1, weights.ToArray<float>().Count(weight => weight == 0));
        Tolerances.Float32.Check(layer.Forward(x, x, x, mask).ToArray<float>(), layer.ForwardWithWeights(x, x, x, mask).Output.ToArray<double>(), "output");
    }
}
