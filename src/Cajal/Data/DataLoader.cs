using System.Collections;

namespace Cajal;

/// <summary>
/// Delivers a dataset in batches: each <c>foreach</c> is one epoch. Batches are prepared ahead on background threads; which batch holds what
/// depends only on the seed and the epoch, never on the number of threads.
/// </summary>
/// <remarks>
/// The state can be saved between batches and restored in another process; the next enumeration then continues inside that epoch.
/// A <c>foreach</c> that is left early stops its threads; the next one begins the following epoch. Use one enumeration at a time.
/// </remarks>
/// <example><code>foreach (Batch batch in new DataLoader(train, batchSize: 64, shuffle: true, seed: 1)) { ... }</code></example>
public sealed class DataLoader : IEnumerable<Batch>
{
    private readonly Dataset dataset;
    private readonly Sampler sampler;
    private readonly Transform? transform;
    private readonly int batchSize;
    private readonly int workers;
    private readonly int prefetch;
    private readonly bool dropLast;
    private bool restored;

    /// <summary>Creates a loader over a dataset.</summary>
    /// <param name="dataset">Read from the worker threads, so its maps must be thread-safe.</param>
    /// <param name="batchSize">Samples per batch, at least 1; the last batch may be smaller.</param>
    /// <param name="shuffle">A new random order each epoch; may not be combined with a sampler.</param>
    /// <param name="seed">Fixes orders and augmentations.</param>
    /// <param name="dropLast">Leave out a last batch that is not full.</param>
    /// <param name="workers">
    /// Background threads; 0 loads in the consumer's thread. By default 0 if samples only need to be copied from memory, where a thread would cost more than it saves, else 1.
    /// Results are the same bits for any number.
    /// </param>
    /// <param name="sampler">Chooses the samples of an epoch; default all, in order or shuffled.</param>
    /// <param name="transform">Augmentation of each batch; its randomness comes from (seed, epoch, sample).</param>
    /// <param name="prefetch">Batches prepared ahead at most; default 2 per worker. Bounds the memory.</param>
    /// <exception cref="ArgumentException">A number is out of range, or both shuffle and a sampler are given.</exception>
    public DataLoader(
        Dataset dataset, int batchSize, bool shuffle = false, int seed = 0, bool dropLast = false, int? workers = null,
        Sampler? sampler = null, Transform? transform = null, int? prefetch = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(workers ?? 0, nameof(workers));
        ArgumentOutOfRangeException.ThrowIfLessThan(prefetch ?? 1, 1, nameof(prefetch));
        if (shuffle && sampler is not null)
        {
            throw new ArgumentException("DataLoader: give either shuffle or a sampler; a sampler decides the order itself.", nameof(shuffle));
        }
        (this.dataset, this.batchSize, this.dropLast, this.transform) = (dataset, batchSize, dropLast, transform);
        this.workers = workers ?? (dataset.IsInMemory && transform is null ? 0 : 1);
        this.prefetch = prefetch ?? Math.Max(1, 2 * this.workers);
        this.sampler = sampler ?? (shuffle ? new RandomSampler(dataset.Count) : new SequentialSampler(dataset.Count));
        State = new LoaderState(seed, 0, 0);
    }

    /// <summary>Batches per epoch.</summary>
    public int Count => dropLast ? sampler.Count / batchSize : (sampler.Count + batchSize - 1) / batchSize;

    /// <summary>Samples per batch; the last may hold fewer.</summary>
    public int BatchSize => batchSize;

    /// <summary>The dataset that is read.</summary>
    public Dataset Dataset => dataset;

    /// <summary>Samples per epoch, those left out by dropLast not counted.</summary>
    public int SamplesPerEpoch => dropLast ? Count * batchSize : sampler.Count;

    /// <summary>The position just behind the last batch handed out: store it in a checkpoint after the step that used this batch.</summary>
    public LoaderState State { get; private set; }

    /// <summary>Goes to a stored position; the next enumeration begins there.</summary>
    /// <exception cref="ArgumentException">The position does not exist in this loader: other data or another batch size.</exception>
    public void Restore(LoaderState state)
    {
        if (state.Epoch < 0 || state.Batch < 0 || state.Batch > Count)
        {
            throw new ArgumentException(
                $"DataLoader.Restore: batch {state.Batch} of epoch {state.Epoch} does not exist; an epoch has {Count} batches. Was the batch size or the dataset changed?",
                nameof(state));
        }
        State = state.Batch == Count && Count > 0 ? state with { Epoch = state.Epoch + 1, Batch = 0 } : state;
        restored = true;
    }

    /// <summary>Begins an epoch, or continues a restored one.</summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        if (!restored && State.Batch > 0)
        {
            State = State with { Epoch = State.Epoch + 1, Batch = 0 };
        }
        restored = false;
        LoaderState start = State;
        int[] order = sampler.Order(DataRandom.ForEpoch(start.Seed, start.Epoch));
        return new Enumerator(this, start, ticket => Load(order, start with { Batch = ticket }));
    }

    /// <summary>The batch at a position once more, and the indices of its rows in <see cref="Dataset"/>.</summary>
    internal (Batch Batch, int[] Indices) Again(LoaderState at)
    {
        int[] order = sampler.Order(DataRandom.ForEpoch(at.Seed, at.Epoch));
        int begin = at.Batch * batchSize;
        return (Load(order, at), order[begin..Math.Min(order.Length, begin + batchSize)]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Batch Load(int[] order, LoaderState at)
    {
        int begin = at.Batch * batchSize;
        int[] indices = order[begin..Math.Min(order.Length, begin + batchSize)];
        try
        {
            return LoadOnce(indices, at);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Blame(indices, at, failure);
        }
    }

    private Batch LoadOnce(int[] indices, LoaderState at)
    {
        if (dataset.IsInMemory && transform is null)
        {
            return dataset.GetBatch(indices);
        }
        // A map that draws from the ambient generator gets one that depends on the batch, not on the thread.
        using IDisposable scope = DataRandom.ForBatch(at.Seed, at.Epoch, at.Batch).Use();
        Batch batch = dataset.GetBatch(indices);
        return transform is null ? batch : transform.Apply(batch, new TransformContext(at.Seed, at.Epoch, indices));
    }

    /// <summary>Finds the first sample of a failed batch that fails by itself.</summary>
    private DataLoaderException Blame(int[] indices, LoaderState at, Exception failure)
    {
        foreach (int index in indices)
        {
            try
            {
                LoadOnce([index], at);
            }
            catch (Exception own) when (own is not OutOfMemoryException)
            {
                return new DataLoaderException(dataset.Name, index, at, own);
            }
        }
        return new DataLoaderException(dataset.Name, indices[0], at, failure);
    }

    /// <summary>
    /// One pass. The worker threads know the prefetcher but not this object, so an enumerator that is dropped without Dispose is collected,
    /// and its finaliser sends the threads home.
    /// </summary>
    private sealed class Enumerator : IEnumerator<Batch>
    {
        private readonly DataLoader loader;
        private readonly Prefetcher prefetcher;
        private LoaderState position;
        private Batch? current;

        internal Enumerator(DataLoader loader, LoaderState start, Func<int, Batch> load)
        {
            (this.loader, position) = (loader, start);
            prefetcher = new Prefetcher(load, start.Batch, loader.Count, loader.workers, loader.prefetch);
        }

        ~Enumerator() => prefetcher.Stop();

        public Batch Current => current ?? throw new InvalidOperationException("DataLoader: call MoveNext before Current.");

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            current = prefetcher.Next();
            bool more = current is not null;
            position = more
                ? position with { Batch = position.Batch + 1 }
                : position.Batch > 0 || loader.Count == 0 ? position with { Epoch = position.Epoch + 1, Batch = 0 } : position;
            loader.State = position;
            return more;
        }

        public void Reset() => throw new NotSupportedException("DataLoader: begin a new enumeration instead.");

        public void Dispose()
        {
            prefetcher.Stop();
            prefetcher.Join();
            GC.SuppressFinalize(this);
        }
    }
}
