namespace Cajal.Tests.NN;

public class DescriptionTests
{
    private static Everything Sample(string? label = null, Func<Tensor, Tensor>? activation = null) => new(
        3, 1L << 40, 0.1f, Math.PI, true, "a \"b\"", (Padding)5, null, Padding.Full, [1, 2], (3, 4), null, new[] { 5, 6 }, label, activation: activation,
        initialiser: () => 1);

    [Fact]
    public void EveryKindOfArgumentComesBack()
    {
        var rebuilt = (Everything)ModuleDescription.Parse(Sample().Describe().ToJson()).Build();
        Assert.Equal(Sample().Values()[..^1], rebuilt.Values());
        Assert.Contains("label text", ((Everything)Sample("label text").Describe().Build()).Values());
        var odd = new Everything(1, 2, float.NaN, double.NegativeInfinity, false, "", Padding.Same, -4, null, [], (0, 0), (1, 2), new Shape());
        Assert.Equal(odd.Values(), ((Everything)odd.Describe().Build()).Values());
    }

    [Fact]
    public void ArgumentsThatWereAddedLaterTakeTheirDefaults()
    {
        var affine = (Affine)ModuleDescription.Parse("""{"type":"Cajal.Tests.NN.Affine","arguments":{"outFeatures":2,"inFeatures":3}}""").Build();
        Assert.Equal(8, affine.ParameterCount);
    }

    [Fact]
    public void ADelegateThatIsNullIsNoObstacle()
    {
        var error = Assert.Throws<NotSupportedException>(() => Sample(activation: x => x).Describe());
        Assert.Equal("Everything cannot be described because a file cannot hold its activation.", error.Message);
    }

    [Fact]
    public void NestedAndSharedModulesComeBack()
    {
        var shared = new Affine(2, 2);
        var net = new Sequential(new Pair(shared, shared), new Residual(new Outer.Inner(4)), shared);
        var copy = net.Clone();
        Assert.True(((Pair)copy[0]).IsShared);
        Assert.Same(copy[2], copy[0].Children().First());
        Assert.Equal(net.ToString(), copy.ToString());
        Assert.Equal(net.StateDict().Keys, copy.StateDict().Keys);
    }

    [Fact]
    public void AClone_IsIndependentAndKeepsTypeModeAndFreezing()
    {
        var net = new FeedForward(2);
        net.To(DType.Float64);
        net.Eval();
        net.Freeze();
        FeedForward copy = net.Clone();
        Assert.Equal(net.Parameters().First().ToArray<double>(), copy.Parameters().First().ToArray<double>());
        Assert.Equal(DType.Float64, copy.Parameters().First().DType);
        Assert.False(copy.IsTraining);
        Assert.All(copy.Parameters(), p => Assert.False(p.RequiresGrad));
        copy.Parameters().First().Fill(9);
        Assert.DoesNotContain(9.0, net.Parameters().First().ToArray<double>());
    }

    [Fact]
    public void NamesAreShortForTheLibraryAndFullForOthers()
    {
        Assert.Equal("Sequential", new Sequential().Describe().Type);
        Assert.Equal("Cajal.Tests.NN.Outer.Inner", new Outer.Inner(1).Describe().Type);
        Assert.Contains("Sequential", ModuleRegistry.Names);
    }

    [Theory]
    [InlineData("[]", "A module's description must be a JSON object.")]
    [InlineData("{", "A module's description is not valid JSON")]
    [InlineData("""{"arguments":{}}""", "A module's description has no type.")]
    [InlineData("""{"type":"Seqential"}""", "No module named \"Seqential\" is known; did you mean \"Sequential\"? If another assembly")]
    [InlineData("""{"type":"Sequential","arguments":{"moduls":[]}}""", "The description of Sequential is damaged: \"modules\" is missing; did you mean \"moduls\"?")]
    [InlineData("""{"type":"Sequential","arguments":{"modules":3}}""", "The description of Sequential is damaged: \"modules\" must be a list.")]
    [InlineData("""{"type":"Sequential","arguments":{"modules":[{"shared":0}]}}""", "A module's description refers to a shared module that does not come before it.")]
    [InlineData("""{"type":"Cajal.Tests.NN.Affine","arguments":{"inFeatures":"x","outFeatures":1}}""", "The description of Cajal.Tests.NN.Affine is damaged: \"inFeatures\" must be a whole number.")]
    [InlineData("""{"type":"Cajal.Tests.NN.Affine","arguments":{"inFeatures":-1,"outFeatures":1}}""", "Cajal.Tests.NN.Affine cannot be built from its description: Shape: an axis cannot have length -1")]
    [InlineData("""{"type":"A","type":"B"}""", "A module's description is not valid JSON")]
    public void DamagedDescriptionsAreRefused(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => ModuleDescription.Parse(json).Build());
        Assert.StartsWith(message, error.Message);
    }

    [Fact]
    public void DeepNestingIsRefused()
    {
        string json = string.Concat(Enumerable.Repeat("""{"type":"Sequential","arguments":{"modules":[""", 5000));
        Assert.Throws<InvalidDataException>(() => ModuleDescription.Parse(json));
    }
}
