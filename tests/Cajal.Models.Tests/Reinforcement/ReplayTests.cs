namespace Cajal.Models.Tests;

/// <summary>What is kept, what is drawn, and how often.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void TheOldestGiveWay()
    {
        var buffer = new ReplayBuffer(3, 2);
        for (int i = 0; i < 5; i++) buffer.Add([i, i + 10], i, i * 2, [i + 1, i + 11], i == 4);
        Assert.Equal(3, buffer.Count);
        var batch = new ReplayBatch(200, 2);
        buffer.Sample(batch, new Generator(1));
        Assert.Equal([2, 3, 4], batch.Actions.Distinct().Order());
        for (int i = 0; i < batch.Count; i++)
        {
            int action = batch.Actions[i];
            Assert.Equal([action, action + 10], batch.Observations[(2 * i)..(2 * i + 2)]);
            Assert.Equal([action + 1, action + 11], batch.Next[(2 * i)..(2 * i + 2)]);
            Assert.Equal((action * 2f, action == 4, 1f), (batch.Rewards[i], batch.Terminated[i], batch.Weights[i]));
        }
    }

    [Fact]
    public void NothingCannotBeDrawn() =>
        Assert.Contains("Add first", Assert.Throws<InvalidOperationException>(() => new ReplayBuffer(3, 1).Sample(new ReplayBatch(1, 1), new Generator(1))).Message);

    [Fact]
    public void LargeErrorsComeUpInProportionAndCountLess()
    {
        var buffer = new PrioritizedReplayBuffer(8, 1, exponent: 1, correction: 1);
        for (int i = 0; i < 4; i++) buffer.Add([i], i, 0, [i], false);
        var batch = new ReplayBatch(4, 1);
        // Every experience is new and equally likely: each part of the sum gives one.
        buffer.Sample(batch, new Generator(1));
        Assert.Equal([0, 1, 2, 3], batch.Places);
        buffer.Update(batch, [0.99f, -1.99f, 2.99f, 3.99f]);
        var random = new Generator(2);
        var counts = new int[4];
        for (int draw = 0; draw < 5000; draw++)
        {
            buffer.Sample(batch, random);
            for (int i = 0; i < 4; i++)
            {
                counts[batch.Places[i]]++;
                Assert.Equal(1.0 / (batch.Places[i] + 1), batch.Weights[i], 1e-6); // P ∝ 1, 2, 3, 4; the largest weight is 1
            }
        }
        for (int i = 0; i < 4; i++) Assert.Equal(0.1 * (i + 1), counts[i] / 20_000.0, 0.01);
    }

    [Fact]
    public void TheTreeAgreesWithAPlainSearch()
    {
        const int Count = 37;
        var tree = new SumTree(Count);
        var random = new Generator(3);
        var values = new double[Count];
        for (int i = 0; i < 200; i++)
        {
            int place = random.NextInt(Count);
            tree[place] = values[place] = random.NextUniform() + 0.01;
            Assert.Equal(values.Sum(), tree.Sum, 1e-9);
            Assert.Equal(values.Where(value => value > 0).Min(), tree.Least);
            double target = random.NextUniform() * values.Sum(), sum = 0;
            int expected = Enumerable.Range(0, Count).First(j => (sum += values[j]) > target);
            Assert.Equal(expected, tree.Find(target));
        }
        Assert.True(values[tree.Find(tree.Sum * 1.01)] > 0); // beyond the end: the last that holds something
    }
}
