namespace Cajal.Models.Tests;

/// <summary>The vision transformer against torchvision's keys and counts, and its parts against each other.</summary>
public sealed class VisionTransformerTests
{
    [Fact]
    public void ParametersAndKeysAreTorchvisions()
    {
        // ViT-B/16 has 86,567,656 parameters; the formula with its sizes gives that, and ours the formula.
        static long Count(long channels, long side, long patch, long classes, long width, long layers, long hidden) =>
            width + channels * patch * patch * width + width + (side / patch * (side / patch) + 1) * width
            + layers * (4 * width + 4 * width * width + 4 * width + 2 * width * hidden + hidden + width) + 2 * width + width * classes + classes;
        Assert.Equal(86_567_656, Count(3, 224, 16, 1000, 768, 12, 3072));
        Assert.Equal(Count(3, 16, 4, 7, 8, 2, 12), new VisionTransformer(3, 16, 4, 7, 8, 2, 2, 12).ParameterCount);

        string[] expected = ["class_token", "conv_proj.weight", "conv_proj.bias", "encoder.pos_embedding",
            .. new[] { "ln_1.weight", "ln_1.bias", "self_attention.in_proj_weight", "self_attention.in_proj_bias", "self_attention.out_proj.weight", "self_attention.out_proj.bias", "ln_2.weight", "ln_2.bias",
                "mlp.0.weight", "mlp.0.bias", "mlp.3.weight", "mlp.3.bias" }.Select(key => "encoder.layers.encoder_layer_0." + key),
            "encoder.ln.weight", "encoder.ln.bias", "heads.head.weight", "heads.head.bias"];
        Assert.Equal(expected.Order(), new VisionTransformer(1, 8, 4, 3, 8, 1, 2, 12).StateDict().Keys.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ForwardWithWeightsGivesTheSameLogits(bool classToken)
    {
        var net = Filled(new VisionTransformer(2, 12, 4, 5, 8, 2, 2, 16, classToken: classToken));
        net.Eval();
        var x = Tensor.Normal([3, 2, 12, 12], dtype: DType.Float64);
        var (logits, weights) = net.ForwardWithWeights(x);
        Assert.True(logits.AllClose(net.Forward(x), 1e-10, 1e-10));
        int length = classToken ? 10 : 9;
        Assert.All(weights, layer => Assert.Equal(Shape.Create(3, 2, length, length), layer.Shape));
    }

    [Fact]
    public void ABlockIsAnEncoderLayerWithNormalisationFirst()
    {
        // The layer of the library is itself compared with PyTorch's.
        var block = new VitBlock(8, 2, 12);
        var layer = new TransformerEncoderLayer(8, 2, 12, dropout: 0, TransformerActivation.Gelu, normFirst: true, batchFirst: true, epsilon: 1e-6);
        block.To(DType.Float64);
        layer.To(DType.Float64);
        var names = new Dictionary<string, string> { ["ln_1"] = "norm1", ["ln_2"] = "norm2", ["self_attention"] = "self_attn", ["mlp.0"] = "linear1", ["mlp.3"] = "linear2" };
        var target = layer.NamedParameters().ToDictionary();
        foreach (var (key, parameter) in block.NamedParameters())
        {
            parameter.CopyFrom(Tensor.Normal(parameter.Shape, std: 0.5, dtype: DType.Float64));
            string own = names.Keys.Single(name => key.StartsWith(name + ".", StringComparison.Ordinal));
            target[names[own] + key[own.Length..]].CopyFrom(parameter);
        }
        var x = Tensor.Normal([3, 5, 8], dtype: DType.Float64);
        Assert.True(block.Forward(x).AllClose(layer.Forward(x), 1e-12, 1e-12));
    }

    [Fact]
    public void WithoutBlocksTheMeanPatchIsClassified()
    {
        var net = Filled(new VisionTransformer(2, 8, 4, 3, 8, layers: 0, heads: 2, hidden: 4, classToken: false));
        var x = Tensor.Normal([1, 2, 8, 8], dtype: DType.Float64);
        var state = net.StateDict();
        var sum = new double[8];
        for (int patch = 0; patch < 4; patch++)
        {
            double[] token = [.. Enumerable.Range(0, 8).Select(e => state["conv_proj.bias"].At(e) + state["encoder.pos_embedding"].At(0, patch, e) + Pixels(patch, e).Sum())];
            double mean = token.Average(), deviation = Math.Sqrt(token.Average(v => (v - mean) * (v - mean)) + 1e-6);
            for (int e = 0; e < 8; e++) sum[e] += ((token[e] - mean) / deviation * state["encoder.ln.weight"].At(e) + state["encoder.ln.bias"].At(e)) / 4;
        }
        for (int k = 0; k < 3; k++)
        {
            double expected = state["heads.head.bias"].At(k) + Enumerable.Range(0, 8).Sum(e => state["heads.head.weight"].At(k, e) * sum[e]);
            Assert.Equal(expected, net.Forward(x).At(0, k), 1e-10);
        }

        IEnumerable<double> Pixels(int patch, int e) =>
            from c in Enumerable.Range(0, 2) from i in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 4)
            select state["conv_proj.weight"].At(e, c, i, j) * x.At(0, c, patch / 2 * 4 + i, patch % 2 * 4 + j);
    }

    [Fact]
    public void WithoutPositionsTheOrderOfPatchesDoesNotMatter()
    {
        var net = Filled(new VisionTransformer(1, 8, 4, 5, 8, 2, 2, 16));
        var x = Tensor.Normal([1, 1, 8, 8], dtype: DType.Float64);
        var turned = x.Roll(4, 3); // the two columns of patches change places
        Assert.False(net.Forward(x).AllClose(net.Forward(turned), 1e-6, 1e-6));
        net.Encoder.PositionEmbedding.Fill(0);
        Assert.True(net.Forward(x).AllClose(net.Forward(turned), 1e-10, 1e-10));
    }

    [Fact]
    public void RolloutFollowsTheWeights()
    {
        var net = Filled(new VisionTransformer(1, 8, 4, 5, 8, 2, 2, 16));
        var x = Tensor.Normal([2, 1, 8, 8], dtype: DType.Float64);
        var (_, weights) = net.ForwardWithWeights(x);
        var rollout = net.Rollout(x);
        Assert.Equal(Shape.Create(2, 1, 2, 2), rollout.Shape);
        for (int n = 0; n < 2; n++)
        {
            for (int patch = 0; patch < 4; patch++)
            {
                double expected = 0;
                for (int middle = 0; middle < 5; middle++) expected += Step(1, n, 0, middle) * Step(0, n, middle, patch + 1);
                Assert.Equal(expected, rollout.At(n, 0, patch / 2, patch % 2), 1e-10);
            }
        }

        double Step(int layer, int n, int to, int from) => 0.25 * (weights[layer].At(n, 0, to, from) + weights[layer].At(n, 1, to, from)) + (to == from ? 0.5 : 0);
    }

    [Fact]
    public void GradientsReachEveryParameter()
    {
        var net = Filled(new VisionTransformer(1, 8, 4, 3, 8, 2, 2, 16));
        net.Forward(Tensor.Normal([4, 1, 8, 8], dtype: DType.Float64)).Square().Sum().Backward();
        Assert.All(net.NamedParameters(), named => Assert.True(named.Value.Grad is { } slope && slope.Abs().Max().Item() > 0, named.Key));
    }

    [Fact]
    public void ErrorsTeach()
    {
        Assert.Contains("multiple of patch", Assert.Throws<ArgumentException>(() => new VisionTransformer(1, 28, 5, 10, 8, 1, 2, 16)).Message);
        Assert.Contains("x must be [N, channels = 1, side = 8, 8]", Assert.Throws<ShapeException>(() => new VisionTransformer(1, 8, 4, 3, 8, 1, 2, 16).Forward(Tensor.Zeros(1, 1, 8, 9))).Message);
    }

    private static VisionTransformer Filled(VisionTransformer net)
    {
        net.To(DType.Float64);
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape, std: 0.5, dtype: DType.Float64));
        return net;
    }
}
