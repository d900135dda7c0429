namespace Cajal.Models.Tests.Energy;

/// <summary>Stacks of machines.</summary>
public sealed class DeepBeliefNetTests
{
    [Fact]
    public void TheClassifierBeginsWithTheFeatures()
    {
        using var scope = new Generator(1).Use();
        var net = new DeepBeliefNet(12, 8, 5);
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape));
        var x = Tensor.Uniform([3, 12]);
        var classifier = net.ToClassifier(classes: 4);
        var features = net.Call(x);
        Assert.Equal(Shape.Create(3, 5), features.Shape);
        Assert.True(new Sequential([.. classifier.Take(5)]).Call(x.Reshape(3, 1, 3, 4)).AllClose(features));
        Assert.Equal(Shape.Create(3, 4), classifier.Call(x).Shape);
        classifier.Parameters().First().Fill(0); // copies: the net stays as it is
        Assert.True(net.Call(x).AllClose(features, 0, 0));
    }

    [Fact]
    public void EachMachineLearnsFromTheOneBelow()
    {
        using var scope = new Generator(2).Use();
        var patterns = Tensor.From([1f, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1], 2, 6).Repeat(50, 1);
        var net = new DeepBeliefNet(6, 5, 4);
        var seen = new HashSet<(int, int)>();
        net.Fit(patterns, epochs: 60, (rbm, _) => new RbmTrainer(rbm) { BatchSize = 10, LearningRate = 0.5, Binarise = true, Chains = 20 }, progress: (layer, epoch, _) => seen.Add((layer, epoch)));
        Assert.Equal(120, seen.Count);
        // Drawn from the model, nearly every sample is one of the two patterns.
        var drawn = net.Sample(Tensor.Uniform([200, 6]), sweeps: 200).Round();
        int right = 0;
        for (int n = 0; n < 200; n++)
        {
            float[] row = drawn.Select(0, n).ToArray<float>();
            if (row[..3].Distinct().Count() == 1 && row[3..].Distinct().Count() == 1 && row[0] != row[3]) right++;
        }
        Assert.True(right > 160, $"{right} of 200");
    }

    [Fact]
    public void ItsPartsAreNamedAndDescribed()
    {
        var net = new DeepBeliefNet(6, 5, 4);
        Assert.Contains("layers.1.hidden_bias", net.StateDict().Keys);
        var again = (DeepBeliefNet)ModuleDescription.Parse(net.Describe().ToJson()).Build();
        Assert.Equal([6, 5, 4], again.Widths);
        Assert.Contains("at least one hidden layer", Assert.Throws<ArgumentException>(() => new DeepBeliefNet(6)).Message);
    }
}
