using Cajal.Tests.Fixtures;

namespace Cajal.Tests.NN;

/// <summary>Attention gives PyTorch's outputs, weights and gradients.</summary>
public class AttentionFixtureTests
{
    public static TheoryData<string> DotProducts => [.. FixtureFile.CasesOf("ScaledDotProductAttention").Select(fixture => fixture.Name)];

    public static TheoryData<string> Multihead => [.. FixtureFile.CasesOf("MultiheadAttention").Select(fixture => fixture.Name)];

    public static TheoryData<string> Transformers =>
        [.. FixtureFile.CasesOf("TransformerEncoderLayer").Concat(FixtureFile.CasesOf("TransformerDecoderLayer")).Select(fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(DotProducts))]
    public void DotProductAgreesWithPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        ModuleCase.Check(name, new ModuleList(), x => new()
        {
            ["y"] = Tensor.ScaledDotProductAttention(x("query")!, x("key")!, x("value")!, x("mask"), fixture.Args.Bool("causal"), scale: fixture.Args.Has("scale") ? fixture.Args.Double("scale") : null),
        });
    }

    [Theory]
    [MemberData(nameof(Multihead))]
    public void MultiheadAgreesWithPyTorch(string name) => Multi(name, weights: false);

    [Theory]
    [MemberData(nameof(Multihead))]
    public void MultiheadWithWeightsAgreesWithPyTorch(string name) => Multi(name, weights: true);

    [Theory]
    [MemberData(nameof(Transformers))]
    public void TransformerLayersAgreeWithPyTorch(string name)
    {
        var a = FixtureFile.Case(name).Args;
        var activation = a.String("activation") == "gelu" ? TransformerActivation.Gelu : TransformerActivation.Relu;
        if (FixtureFile.Case(name).Op == "TransformerEncoderLayer")
        {
            var layer = new TransformerEncoderLayer(a.Int("width"), a.Int("heads"), a.Int("feedForward"), 0, activation, a.Bool("normFirst"), a.Bool("batchFirst"));
            ModuleCase.Check(name, layer, x => new() { ["y"] = layer.Forward(x("x")!) });
        }
        else
        {
            var layer = new TransformerDecoderLayer(a.Int("width"), a.Int("heads"), a.Int("feedForward"), 0, activation, a.Bool("normFirst"), a.Bool("batchFirst"));
            ModuleCase.Check(name, layer, x => new() { ["y"] = layer.Forward(x("x")!, x("memory")!, x("mask")) });
        }
    }

    [Fact]
    public void NoCaseIsLeftOut() =>
        Assert.Empty(FixtureFile.Open("attention").Cases.Select(fixture => fixture.Op).Except(["ScaledDotProductAttention", "MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer"]));

    private static void Multi(string name, bool weights)
    {
        var a = FixtureFile.Case(name).Args;
        var layer = new MultiheadAttention(a.Int("width"), a.Int("heads"), 0, a.Bool("bias"), a.Has("keyWidth") ? a.Int("keyWidth") : null, a.Has("valueWidth") ? a.Int("valueWidth") : null, a.Bool("batchFirst"));
        string[] outputs = [.. FixtureFile.Case(name).Outputs.Names];
        ModuleCase.Check(name, layer, x =>
        {
            var (query, key, value) = x("x") is { } all ? (all, all, all) : (x("query")!, x("key")!, x("value")!);
            var result = layer.ForwardWithWeights(query, key, value, x("attentionMask"), x("keyPaddingMask"), averageHeads: outputs.Contains("averageWeights"));
            var y = weights ? result.Output : layer.Forward(query, key, value, x("attentionMask"), x("keyPaddingMask"));
            return new() { ["y"] = y, [outputs.Single(output => output != "y")] = result.Weights };
        });
    }
}
