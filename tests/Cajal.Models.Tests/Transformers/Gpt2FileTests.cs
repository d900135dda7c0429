namespace Cajal.Models.Tests;

/// <summary>Weights in the form of the files of OpenAI and Hugging Face.</summary>
public sealed class Gpt2FileTests : IDisposable
{
    private const int Vocabulary = 11, Context = 6, Width = 8, Layers = 2, Heads = 2;

    private readonly string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.safetensors");

    private readonly Gpt original = Filled(tied: true);

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("", true)]
    [InlineData("transformer.", true)]
    [InlineData("transformer.", false)]
    public void ComesBackAlike(string prefix, bool transposed)
    {
        Write(original, prefix, transposed);
        Check(original);
    }

    [Fact]
    public void MasksAndARepeatedTableArePassedOver()
    {
        Write(original, "transformer.", true, ("transformer.h.0.attn.bias", Tensor.Ones([1, 1, 6, 6])), ("transformer.h.0.attn.masked_bias", Tensor.Scalar(-1e4f)), ("lm_head.weight", original.StateDict()["transformer.wte.weight"].Detach()));
        Check(original);
        Assert.Equal(original.ParameterCount, Gpt.LoadGpt2(path, Heads).ParameterCount);
    }

    [Fact]
    public void AHeadOfItsOwnIsKept()
    {
        var untied = Filled(tied: false);
        Write(untied, "transformer.", true);
        Check(untied);
    }

    [Fact]
    public void HeadsAre64Wide()
    {
        var wide = new Gpt(5, 3, 128, 1, 2);
        Write(wide, "", true);
        var tokens = Tensor.From([1L, 4, 2], 1, 3);
        wide.Eval();
        Assert.True(wide.Forward(tokens).AllClose(Gpt.LoadGpt2(path).Forward(tokens), 1e-6, 1e-6));
        Write(original, "", true);
        Assert.Contains("how many heads", Assert.Throws<ArgumentException>(() => Gpt.LoadGpt2(path)).Message);
    }

    [Theory]
    [InlineData("wte.weight", "wte.weight")]
    [InlineData("h.0.ln_1.weight", "no block")]
    [InlineData("h.1.mlp.c_fc.bias", "h.1.mlp.c_fc.bias")]
    [InlineData("h.1.attn.c_attn.weight", "h.1.attn.c_attn.weight")]
    public void WhatIsMissingIsNamed(string key, string named)
    {
        Write(original, "", true);
        Safetensors.Save(path, Safetensors.Load(path).Where(pair => pair.Key != key).ToList());
        var error = Assert.Throws<InvalidDataException>(() => Gpt.LoadGpt2(path, Heads));
        Assert.Contains(named, error.Message);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void AnotherNetworkIsRefused()
    {
        new Sequential(new Linear(3, 2)).Save(path);
        Assert.Contains("does not hold the weights of a GPT-2", Assert.Throws<InvalidDataException>(() => Gpt.LoadGpt2(path)).Message);
    }

    [Fact]
    public void ASmallFileDoesNotMakeALargeNetwork()
    {
        // A block of this width would take 173 GB.
        var state = new[] { ("wte.weight", Tensor.Zeros([1, 60_000])), ("wpe.weight", Tensor.Zeros([1, 60_000])), ("h.0.ln_1.weight", Tensor.Zeros([1])), ("h.0.attn.c_attn.weight", Tensor.Zeros([1, 1])) };
        Safetensors.Save(path, state.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)).ToList());
        Assert.Contains("holds 120,002", Assert.Throws<InvalidDataException>(() => Gpt.LoadGpt2(path, heads: 1)).Message);
    }

    private void Check(Gpt expected)
    {
        int[] tokens = [3, 10, 0, 5, 5];
        var logits = Gpt.LoadGpt2(path, Heads).Forward(Tensor.From(tokens, 1, 5));
        double[,] right = ScalarGpt.Logits(expected.StateDict(), tokens, Width, Layers, Heads);
        for (int t = 0; t < tokens.Length; t++)
        {
            for (int k = 0; k < Vocabulary; k++) Assert.Equal(right[t, k], logits.At(0, t, k), 1e-4);
        }
    }

    private void Write(Gpt net, string prefix, bool transposed, params (string Key, Tensor Value)[] more) =>
        Safetensors.Save(path, net.StateDict().Select(pair => KeyValuePair.Create(
            pair.Key.Replace("transformer.", prefix, StringComparison.Ordinal),
            transposed && pair.Value.Rank == 2 && pair.Key.Contains(".c_", StringComparison.Ordinal) ? pair.Value.Detach().T.Contiguous() : pair.Value.Detach())).Concat(more.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))).ToList());

    private static Gpt Filled(bool tied)
    {
        using var scope = new Generator(1).Use();
        var net = new Gpt(Vocabulary, Context, Width, Layers, Heads, tied: tied);
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape, std: 0.4));
        return net;
    }
}
