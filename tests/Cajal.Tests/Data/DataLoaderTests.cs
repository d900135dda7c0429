namespace Cajal.Tests.Data;

public sealed class DataLoaderTests
{
    private static readonly Transform Augment = new Compose(new RandomShift(0.3), new GaussianNoise(0.1), new RandomHorizontalFlip());

    private static float[][] Epochs(DataLoader loader, int epochs) => [.. Enumerable.Range(0, epochs).SelectMany(_ => loader.Select(b => b.Inputs.ToArray<float>()).ToArray())];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void BitsDoNotDependOnTheNumberOfWorkers(int workers)
    {
        Dataset data = Datasets.Digits().Take(100);
        float[][] alone = Epochs(new DataLoader(data, 16, shuffle: true, seed: 9, workers: 0, transform: Augment), 2);
        float[][] many = Epochs(new DataLoader(data, 16, shuffle: true, seed: 9, workers: workers, transform: Augment), 2);
        Assert.Equal(alone, many);
        Assert.NotEqual(alone[0], alone[7]); // another epoch, another order
    }

    [Fact]
    public void AugmentationBelongsToTheSampleNotTheBatch()
    {
        Dataset data = Datasets.Digits().Take(12);
        float[] small = [.. Epochs(new DataLoader(data, 5, seed: 1, transform: Augment), 1).SelectMany(b => b)];
        float[] large = [.. Epochs(new DataLoader(data, 12, seed: 1, transform: Augment), 1).SelectMany(b => b)];
        Assert.Equal(large, small);
    }

    [Fact]
    public void EveryEpochVisitsEverySampleOnce()
    {
        var loader = new DataLoader(Scratch.Counting(23), 5, shuffle: true, seed: 2, workers: 3);
        int[] first = [.. loader.SelectMany(Scratch.Values)], second = [.. loader.SelectMany(Scratch.Values)];
        Assert.Equal(Enumerable.Range(0, 23), first.Order());
        Assert.Equal(Enumerable.Range(0, 23), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(5, loader.Count);
        Assert.Equal(new LoaderState(2, 2, 0), loader.State);
    }

    [Fact]
    public void DropLastLeavesOnlyFullBatches()
    {
        var loader = new DataLoader(Scratch.Counting(23), 5, dropLast: true);
        Assert.Equal([5, 5, 5, 5], loader.Select(b => b.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void ResumesInsideAnEpochBitForBit(int done)
    {
        DataLoader Make(int workers) => new(Datasets.Digits().Take(50), 7, shuffle: true, seed: 5, workers: workers, transform: Augment);
        float[][] whole = Epochs(Make(1), 3);
        DataLoader first = Make(2);
        foreach (Batch _ in first)
        {
        }
        LoaderState saved = first.State;
        foreach (Batch _ in first)
        {
            if (saved.Batch >= done)
            {
                break;
            }
            saved = first.State;
        }
        DataLoader second = Make(3);
        second.Restore(saved);
        float[][] rest = Epochs(second, done == 8 ? 1 : 2);
        Assert.Equal(whole.Skip(8 + done).Take(rest.Length), rest);
        Assert.Equal(16 - done, rest.Length);
    }

    [Fact]
    public void RestoreRefusesAPositionThatDoesNotExist()
    {
        var error = Assert.Throws<ArgumentException>(() => new DataLoader(Scratch.Counting(10), 5).Restore(new LoaderState(0, 0, 3)));
        Assert.Contains("an epoch has 2 batches", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void FailureNamesTheSampleAndComesInItsTurn(int workers)
    {
        Dataset bad = Scratch.Counting(40).Map(b => Scratch.Values(b).Contains(17) ? throw new InvalidDataException("broken file") : b);
        int delivered = 0;
        var error = Assert.Throws<DataLoaderException>(() =>
        {
            foreach (Batch _ in new DataLoader(bad, 5, workers: workers))
            {
                delivered++;
            }
        });
        Assert.Equal((17, 3, 3), (error.SampleIndex, error.Batch, delivered));
        Assert.Contains("sample 17", error.Message);
        Assert.IsType<InvalidDataException>(error.InnerException);
    }

    [Fact]
    public void PrefetchIsBounded()
    {
        int loaded = 0;
        Dataset counted = Scratch.Counting(1000).Map(b => { Interlocked.Increment(ref loaded); return b; });
        using IEnumerator<Batch> pass = new DataLoader(counted, 1, workers: 2, prefetch: 4).GetEnumerator();
        pass.MoveNext();
        Thread.Sleep(200);
        Assert.InRange(loaded, 1, 5); // one consumed and four ahead
    }

    [Fact]
    public void StoppedPrefetcherHasNoThreads()
    {
        Batch batch = Scratch.Counting(1).ToBatch();
        var prefetcher = new Prefetcher(_ => batch, 0, 1000, workers: 3, ahead: 4);
        Assert.NotNull(prefetcher.Next());
        Assert.Equal(3, prefetcher.Running);
        prefetcher.Stop();
        prefetcher.Join();
        Assert.Equal(0, prefetcher.Running);
        Assert.Null(prefetcher.Next());
    }

    [Fact]
    public void EnumerationDroppedWithoutDisposeEndsItsThreads()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<Thread, bool>();
        Dataset data = Scratch.Counting(10_000).Map(b => { seen[Thread.CurrentThread] = true; return b; });
        Drop(data);
        for (int i = 0; i < 100 && seen.Keys.Any(t => t.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }
        Assert.NotEmpty(seen);
        Assert.DoesNotContain(seen.Keys, t => t.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Drop(Dataset data) => new DataLoader(data, 1, workers: 2).GetEnumerator().MoveNext();
    }

    [Fact]
    public void MapsThatDrawFromTheAmbientGeneratorAreReproducible()
    {
        Dataset noisy = Scratch.Counting(20).MapInputs(x => Tensor.Normal(x.Shape));
        Assert.Equal(Epochs(new DataLoader(noisy, 4, workers: 0, seed: 3), 1), Epochs(new DataLoader(noisy, 4, workers: 4, seed: 3), 1));
    }

    [Fact]
    public void SamplerDecidesTheSamples()
    {
        var weights = new double[10];
        weights[4] = 1;
        Assert.All(new DataLoader(Scratch.Counting(10), 3, sampler: new WeightedSampler(weights, 7)), b => Assert.All(Scratch.Values(b), v => Assert.Equal(4, v)));
        Assert.Throws<ArgumentException>(() => new DataLoader(Scratch.Counting(3), 1, shuffle: true, sampler: new SequentialSampler(3)));
    }
}
