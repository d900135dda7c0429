using Cajal.Tests.IO;

namespace Cajal.Tests.NN;

/// <summary>What transformer layers promise beyond PyTorch's numbers.</summary>
public class TransformerTests
{
    [Fact]
    public void FilesHoldLayersAndWeights()
    {
        using var folder = new Scratch();
        var encoder = new TransformerEncoderLayer(8, 2, 12, 0.3, TransformerActivation.Gelu, normFirst: true, batchFirst: true);
        encoder.Eval();
        encoder.Save(folder["encoder.safetensors"]);
        var loaded = Module.Load<TransformerEncoderLayer>(folder["encoder.safetensors"]);
        loaded.Eval();
        Assert.Equal(encoder.ToString(), loaded.ToString());
        var x = Tensor.Normal([2, 3, 8], 0, 1, generator: new Generator(1));
        Assert.Equal(encoder.Forward(x).ToArray<float>(), loaded.Forward(x).ToArray<float>());

        var decoder = new TransformerDecoderLayer(8, 2, 12);
        decoder.Eval();
        decoder.Save(folder["decoder.safetensors"]);
        var other = Module.Load<TransformerDecoderLayer>(folder["decoder.safetensors"]);
        other.Eval();
        Assert.Equal(decoder.Forward(x, x).ToArray<float>(), other.Forward(x, x).ToArray<float>());
        Assert.Contains("multihead_attn.in_proj_weight", other.StateDict().Keys);
    }

    [Fact]
    public void DropoutNeedsTrainingAndFollowsTheSeed()
    {
        var layer = new TransformerEncoderLayer(8, 2, 12, 0.3);
        var x = Tensor.Normal([2, 3, 8], 0, 1, generator: new Generator(1));
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        layer.Eval();
        Assert.Equal(Draw(1), Draw(2));

        float[] Draw(ulong seed)
        {
            var generator = new Generator(seed);
            using var scope = generator.Use();
            return layer.Forward(x).ToArray<float>();
        }
    }

    [Fact]
    public void CausalPositionsDoNotSeeWhatComesLater()
    {
        var layer = new TransformerEncoderLayer(8, 2, 12, 0, batchFirst: true);
        var x = Tensor.Normal([1, 6, 8], 0, 1, generator: new Generator(1)).WithGrad();
        layer.Forward(x, null, causal: true).Select(1, 2).Square().Sum().Backward();
        for (int t = 0; t < 6; t++) Assert.Equal(t <= 2, x.Grad!.Select(1, t).Abs().Sum().Item() > 0);
    }

    [Fact]
    public void PaddedPositionsChangeNothing()
    {
        var layer = new TransformerEncoderLayer(8, 2, 12, 0, batchFirst: true);
        var x = Tensor.Normal([2, 5, 8], 0, 1, generator: new Generator(1));
        var padding = Tensor.Zeros([2, 5], DType.Bool);
        padding.AsSpan<bool>()[4] = true;
        var other = x.Clone();
        other.Select(0, 0).Select(0, 4).Fill(7);
        float[] expected = layer.Forward(x, null, padding).Narrow(1, 0, 4).ToArray<float>(), actual = layer.Forward(other, null, padding).Narrow(1, 0, 4).ToArray<float>();
        Assert.Equal(expected, actual);
        Assert.NotEqual(layer.Forward(x).Narrow(1, 0, 4).ToArray<float>(), layer.Forward(other).Narrow(1, 0, 4).ToArray<float>());
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        var error = Assert.Throws<ShapeException>(() => new TransformerEncoderLayer(8, 2, batchFirst: true).Forward(Tensor.Zeros(2, 3, 7)));
        Assert.Equal("TransformerEncoderLayer: x must be [N, T, width = 8], but it is [2, 3, 7].", error.Message);
        error = Assert.Throws<ShapeException>(() => new TransformerDecoderLayer(8, 2).Forward(Tensor.Zeros(3, 2, 8), Tensor.Zeros(4, 2, 7)));
        Assert.Contains("must be [S, N, kdim = 8], but it is [4, 2, 7].", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Name the value that stands with the key that is asked for: what attention is made for. A guess is right in one of eight cases.</summary>
    [Fact]
    public void ATransformerLearnsToLookUp()
    {
        const int Pairs = 5, Values = 8;
        var generator = new Generator(21);
        using var scope = generator.Use();
        var (keys, values) = (new Embedding(Pairs, 32), new Embedding(Values + 1, 32));
        var block = new TransformerEncoderLayer(32, 4, 64, 0, TransformerActivation.Gelu, normFirst: true, batchFirst: true);
        var head = new Linear(32, Values);
        var adam = new Adam(new ModuleList(keys, values, block, head).Parameters(), 3e-3);
        var loss = new CrossEntropyLoss();
        for (int step = 0; step < 200; step++)
        {
            var (key, value, y) = Draw(64);
            adam.ZeroGrad();
            loss.Forward(Predict(key, value), y).Backward();
            adam.Step();
        }
        using var off = new NoGrad();
        var test = Draw(500);
        double share = Predict(test.Keys, test.Values).ArgMax(-1).EqualTo(test.Y).Cast(DType.Float64).Mean().Item();
        Assert.True(share > 0.95, $"right in {share:P1} of cases");

        Tensor Predict(Tensor key, Tensor value) => head.Forward(block.Forward(keys.Forward(key) + values.Forward(value)).Select(1, -1));

        // Every key with a value of its own, then the key that is asked for with the value "none".
        (Tensor Keys, Tensor Values, Tensor Y) Draw(int count)
        {
            long[] key = new long[count * (Pairs + 1)], value = new long[key.Length], y = new long[count];
            for (int n = 0; n < count; n++)
            {
                int at = n * (Pairs + 1), asked = generator.NextInt(Pairs);
                int[] order = generator.Permutation(Pairs);
                for (int i = 0; i < Pairs; i++) (key[at + i], value[at + i]) = (order[i], generator.NextInt(Values));
                (key[at + Pairs], value[at + Pairs], y[n]) = (order[asked], Values, value[at + asked]);
            }
            return (Tensor.From(key, count, Pairs + 1), Tensor.From(value, count, Pairs + 1), Tensor.From(y));
        }
    }
}
