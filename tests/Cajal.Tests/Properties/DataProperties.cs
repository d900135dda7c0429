using Cajal.Tests.Data;
using CsCheck;

namespace Cajal.Tests.Properties;

/// <summary>Splits, loaders and metrics neither lose nor invent samples.</summary>
public class DataProperties
{
    [Fact]
    public void SplitsArePartitions() => Gen.Select(Gen.Int[2, 60], Gen.Int[1, 5], Gen.Double[0.05, 0.95], Draw.Seed, Gen.Bool).Sample((count, classes, fraction, seed, stratified) =>
    {
        var data = Scratch.Counting(count, classes);
        var (train, test) = data.Split(fraction, seed, stratified);
        Assert.Equal(Enumerable.Range(0, count), Scratch.Values(train).Concat(Scratch.Values(test)).Order());
        Assert.Equal(Scratch.Values(train), Scratch.Values(data.Split(fraction, seed, stratified).Train));
        if (!stratified) return;
        int[] all = data.ClassCounts(), kept = train.ClassCounts();
        Assert.All(all.Zip(kept), pair => Assert.InRange(pair.Second, Math.Floor(pair.First * fraction) - 1, Math.Ceiling(pair.First * fraction) + 1));
    });

    [Fact]
    public void EverySampleIsTestedInOneFold() => Gen.Select(Gen.Int[6, 60], Gen.Int[2, 6], Draw.Seed).Sample((count, folds, seed) =>
    {
        var parts = Scratch.Counting(count).KFold(folds, seed);
        Assert.Equal(folds, parts.Count);
        Assert.Equal(Enumerable.Range(0, count), parts.SelectMany(part => Scratch.Values(part.Test)).Order());
        Assert.All(parts, part => Assert.Equal(Enumerable.Range(0, count), Scratch.Values(part.Train).Concat(Scratch.Values(part.Test)).Order()));
    });

    [Fact]
    public void ALoaderDeliversTheSameForAnyNumberOfWorkers() => Gen.Select(Gen.Int[0, 40], Gen.Int[1, 9], Gen.Int[0, 3], Gen.Bool, Draw.Seed).Sample((count, size, workers, drop, seed) =>
    {
        var data = Scratch.Counting(count).MapInputs(x => x + 0); // not in memory: workers matter
        int[][] one = Epochs(0), many = Epochs(workers);
        Assert.Equal(one, many);
        Assert.All(one, epoch => Assert.Equal(epoch.Length, epoch.Distinct().Count()));
        Assert.All(one, epoch => Assert.Equal(drop ? count / size * size : count, epoch.Length));

        int[][] Epochs(int threads)
        {
            var loader = new DataLoader(data, size, shuffle: true, seed: seed, dropLast: drop, workers: threads);
            return [.. Enumerable.Range(0, 2).Select(_ => loader.SelectMany(Scratch.Values).ToArray())];
        }
    }, iter: 60);

    [Fact]
    public void ALoaderGoesOnWhereItStopped() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 9], Gen.Int[0, 12], Draw.Seed).Sample((count, size, stop, seed) =>
    {
        var data = Scratch.Counting(count);
        var whole = new DataLoader(data, size, shuffle: true, seed: seed).SelectMany(Scratch.Values).ToArray();
        var first = new DataLoader(data, size, shuffle: true, seed: seed);
        int[] head = [.. first.Take(Math.Min(stop, first.Count)).SelectMany(Scratch.Values)];
        if (head.Length == whole.Length) return; // the position is the next epoch
        var second = new DataLoader(data, size, shuffle: true, seed: seed);
        if (head.Length > 0) second.Restore(first.State);
        Assert.Equal(whole, head.Concat(second.SelectMany(Scratch.Values)));
    });

    // What a metric says does not depend on how its samples came in batches.
    [Fact]
    public void MetricsDoNotSeeTheBatches() => Gen.Select(Gen.Int[4, 40], Gen.Int[1, 9], Draw.Seed).Sample((count, size, seed) =>
    {
        var scores = Draw.Real([count, 3], seed);
        var labels = Tensor.From([.. Enumerable.Range(0, count).Select(i => (long)(i % 3))], count);
        Metric[] whole = [new Accuracy(), new F1Score(), new TopKAccuracy(2), new LogLoss(), new RocAuc()], parts = [new Accuracy(), new F1Score(), new TopKAccuracy(2), new LogLoss(), new RocAuc()];
        foreach (var metric in whole) metric.Update(scores, labels);
        for (int start = 0; start < count; start += size)
        {
            foreach (var metric in parts) metric.Update(scores[start..Math.Min(count, start + size)], labels[start..Math.Min(count, start + size)]);
        }
        Assert.All(whole.Zip(parts), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-12));
    });
}
