using Cajal.Tests.Fixtures;

namespace Cajal.Tests;

public class AccuracyTests
{
    public static TheoryData<string> Cases => FixtureFile.NamesOf("Accuracy");

    public static TheoryData<string> TopKCases => FixtureFile.NamesOf("TopKAccuracy");

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreesWithScikitLearn(string name)
    {
        var fixture = FixtureFile.Case(name);
        var metric = new Accuracy();
        foreach (var (predicted, target) in FixtureBatches.Of(fixture, "predicted", "target", size: 7)) metric.Update(predicted, target);
        Tolerances.Float64.Check([metric.Value], fixture.Output.Values, name);
    }

    [Theory]
    [MemberData(nameof(TopKCases))]
    public void TopKAgreesWithScikitLearn(string name)
    {
        // Among equal scores scikit-learn takes the later class and Cajal the earlier one; mirrored classes turn one rule into the other.
        var fixture = FixtureFile.Case(name);
        var metric = new TopKAccuracy(fixture.Args.Int("k"));
        foreach (var (score, target) in FixtureBatches.Of(fixture, "score", "target", size: 5)) metric.Update(score.Flip(1), score.Shape[1] - 1 - target);
        Tolerances.Float64.Check([metric.Value], fixture.Output.Values, name);
    }

    [Fact]
    public void ScoresLogitsAndPixelsAreRead()
    {
        var metric = new Accuracy();
        metric.Update(Tensor.From(new float[,] { { 1, 2 }, { 3, -1 }, { 0, 0 } }), Tensor.From(new long[] { 1, 1, 0 }));
        Assert.Equal(2.0 / 3, metric.Value);
        metric.Reset();
        Assert.True(double.IsNaN(metric.Value));
        metric.Update(Tensor.From(new float[,] { { 0.5f }, { -2 }, { 3 }, { -1 } }), Tensor.From(new float[] { 1, 0, 0, 0 }));
        Assert.Equal(0.75, metric.Value);
        Assert.Equal(0.5, new Accuracy(threshold: 0.6).Of(Tensor.From(new[] { 0.5f, 0.7f }), Tensor.From(new long[] { 1, 1 })));
        // [N, K, d] = [1, 2, 3] scores for 3 pixels, the last of which does not count.
        var pixels = Tensor.From(new float[] { 1, 5, 0, 2, 4, 9 }, 1, 2, 3);
        Assert.Equal(0.5, new Accuracy().Of(pixels, Tensor.From(new long[] { 1, 1, -100 }, 1, 3)));
        Assert.Equal(1, new TopKAccuracy(2).Of(pixels, Tensor.From(new long[] { 1, 1, -100 }, 1, 3)));
        Assert.Equal(0.5, new TopKAccuracy(1).Of(pixels, Tensor.From(new long[] { 1, 1, -100 }, 1, 3)));
    }

    [Fact]
    public void TheFirstOfEqualScoresComesFirst()
    {
        var scores = Tensor.From(new float[,] { { 1, 2, 2, 2 } });
        Assert.Equal([0, 1, 1], new[] { 1, 2, 3 }.Select(k => new TopKAccuracy(k).Of(scores, Tensor.From(new long[] { 2 }))));
        Assert.Equal(new TopKAccuracy(1).Of(scores, Tensor.From(new long[] { 1 })), new Accuracy().Of(scores, Tensor.From(new long[] { 1 })));
        Assert.Equal(0, new TopKAccuracy(1).Of(Tensor.From(new float[,] { { float.NaN, 2 } }), Tensor.From(new long[] { 0 })));
    }

    [Fact]
    public void BadInputIsExplained()
    {
        var scores = Tensor.From(new float[,] { { 1, 2 }, { 3, 4 } });
        Says(() => new Accuracy().Update(scores, Tensor.From(new long[] { 0, 1, 1 })),
            "Accuracy: predictions must be scores [N, K, ...] or one number for each of the targets [N, ...], but predictions are [2, 2] and targets [3].");
        Says(() => new Accuracy().Update(scores, Tensor.From(new long[] { 0, 2 })), "Accuracy: class 2 of target 1 is outside 0 ... 1; the predictions know 2 classes.");
        Says(() => new Accuracy().Update(Tensor.From(new long[] { 0 }), Tensor.From(new long[] { -1 })), "Accuracy: class -1 of target 0 is negative.");
        Says(() => new Accuracy().Update(scores, Tensor.From(new[] { 0.5f, 1 })), "Accuracy: targets must be class numbers, but number 0 is 0.5. Soft targets become classes by ArgMax(1).");
        Says(() => new TopKAccuracy(1).Update(scores, scores), "TopKAccuracy: predictions must be scores [N, K, ...] for targets [N, ...], but predictions are [2, 2] and targets [2, 2].");
        Assert.StartsWith("TopKAccuracy: k must be at least 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new TopKAccuracy(0)).Message);
        Assert.Equal("top5_accuracy", new TopKAccuracy().Name);

        static void Says(Action action, string message) => Assert.Equal(message, Assert.Throws<ShapeException>(action).Message);
    }
}
