namespace Cajal.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void SampleHasNoBatchAxis()
    {
        Sample sample = Datasets.Digits()[3];
        Assert.Equal([1, 8, 8], sample.Input.Shape.ToArray());
        Assert.Empty(sample.Target.Shape.ToArray());
    }

    [Fact]
    public void IndexOutsideIsRefusedByNumber()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Scratch.Counting(5).GetBatch([0, 5]));
        Assert.Contains("sample 5 does not exist; indices run from 0 to 4", error.Message);
    }

    [Fact]
    public void CompositionReadsTheRightSamples()
    {
        Dataset data = Scratch.Counting(10);
        Assert.Equal([7, 2, 2], Scratch.Values(data.Subset([7, 2, 2])));
        Assert.Equal([0, 1, 2], Scratch.Values(data.Take(3)));
        Assert.Equal([8, 9], Scratch.Values(data.Skip(8)));
        Assert.Equal([5, 6], Scratch.Values(data.Skip(5).Take(2)));
        Assert.Equal([0, 2, 4], Scratch.Values(data.Take(3).MapInputs(x => x + x)));
        Assert.Equal([9, 0, 1, 9], Scratch.Values(data.Subset([9]).Concat(data.Take(2)).Subset([0, 1, 2, 0])));
        Assert.Equal([1, 9, 0], Scratch.Values(data.Subset([9]).Concat(data.Take(2)).GetBatch([2, 0, 1])));
        Assert.Equal([0, 0, 1], data.Subset([9]).Concat(data.Take(2)).Labels.ToArray());
    }

    [Fact]
    public void ShuffleIsAPermutationFixedBySeed()
    {
        Dataset data = Scratch.Counting(100);
        int[] order = Scratch.Values(data.Shuffle(4));
        Assert.Equal(order, Scratch.Values(data.Shuffle(4)));
        Assert.NotEqual(order, Scratch.Values(data.Shuffle(5)));
        Assert.NotEqual(Enumerable.Range(0, 100), order);
        Assert.Equal(Enumerable.Range(0, 100), order.Order());
    }

    [Theory]
    [InlineData(0.8, 90)]
    [InlineData(0.5, 7)]
    [InlineData(0.0, 10)]
    [InlineData(1.0, 10)]
    [InlineData(0.33, 100)]
    public void SplitPartitionsAndKeepsClassShares(double fraction, int n)
    {
        // Unequal classes: 0 is six times as frequent as 2.
        long[] labels = [.. Enumerable.Range(0, n).Select(i => i % 10 < 6 ? 0L : i % 10 < 9 ? 1 : 2)];
        var data = new TensorDataset(Tensor.From([.. Enumerable.Range(0, n).Select(i => (float)i)], n, 1), Tensor.From(labels, n));
        (Dataset train, Dataset test) = data.Split(fraction, seed: 3);
        Assert.Equal((int)Math.Round(fraction * n, MidpointRounding.AwayFromZero), train.Count);
        Assert.Equal(Enumerable.Range(0, n), Scratch.Values(train).Concat(Scratch.Values(test)).Order());
        int[] all = data.ClassCounts(), part = train.ClassCounts();
        for (int k = 0; k < part.Length; k++)
        {
            Assert.InRange(part[k], all[k] * fraction - 1, all[k] * fraction + 1);
        }
    }

    [Fact]
    public void ThreeWaySplitPartitions()
    {
        (Dataset train, Dataset validation, Dataset test) = Scratch.Counting(100).Split(0.6, 0.2, seed: 1);
        Assert.Equal((60, 20, 20), (train.Count, validation.Count, test.Count));
        Assert.Equal(Enumerable.Range(0, 100), new[] { train, validation, test }.SelectMany(Scratch.Values).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => Scratch.Counting(10).Split(0.8, 0.3, seed: 1));
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(50, 7)]
    [InlineData(5, 5)]
    public void FoldsTestEverySampleOnce(int n, int k)
    {
        Dataset data = Scratch.Counting(n);
        var folds = data.KFold(k, seed: 2);
        Assert.Equal(Enumerable.Range(0, n), folds.SelectMany(f => Scratch.Values(f.Test)).Order());
        foreach ((Dataset train, Dataset test) in folds)
        {
            Assert.Equal(Enumerable.Range(0, n), Scratch.Values(train).Concat(Scratch.Values(test)).Order());
            Assert.InRange(test.Count, n / k, n / k + 1);
        }
        for (int c = 0; c < 3; c++)
        {
            int[] counts = [.. folds.Select(f => f.Test.Labels.ToArray().Count(l => l == c))];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => data.KFold(n + 1, 0));
    }

    [Fact]
    public void BalancedSamplerDrawsRareClassesAsOften()
    {
        long[] labels = [.. Enumerable.Range(0, 1000).Select(i => i < 50 ? 1L : 0)];
        var data = new TensorDataset(Tensor.Zeros(1000, 1), Tensor.From(labels, 1000));
        int rare = WeightedSampler.Balanced(data, 10_000).Order(new Generator(1)).Count(i => i < 50);
        Assert.InRange(rare, 4_800, 5_200); // 4 standard deviations of a fair coin
    }

    [Fact]
    public void SamplerRefusesBadWeights()
    {
        Assert.Contains("weight 1 is -1", Assert.Throws<ArgumentException>(() => new WeightedSampler([1, -1])).Message);
        Assert.Throws<ArgumentException>(() => new WeightedSampler([0, 0]));
    }

    [Fact]
    public void LabelsOutsideTheClassesAreNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => new TensorDataset(
            Tensor.Zeros(2, 1), Tensor.From([0L, 3], 2), new DatasetInfo("x", LearningTask.Classification) { Classes = ["a", "b"] }));
        Assert.Contains("sample 1 is 3", error.Message);
        Assert.Contains("same N", Assert.Throws<ShapeException>(() => new TensorDataset(Tensor.Zeros(2, 1), Tensor.From([0L, 3, 1], 3))).Message);
    }

    [Fact]
    public void MapMayNotChangeTheNumberOfSamples() =>
        Assert.Throws<InvalidOperationException>(() => Scratch.Counting(4).Map(b => new Batch(Tensor.Zeros(1, 1), b.Targets)).ToBatch());
}
