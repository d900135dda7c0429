namespace Cajal;

/// <summary>A sample could not be read or transformed; the inner exception says why.</summary>
public sealed class DataLoaderException : Exception
{
    internal DataLoaderException(string dataset, int sample, LoaderState at, Exception inner)
        : base($"DataLoader: sample {sample} of \"{dataset}\" (epoch {at.Epoch}, batch {at.Batch}) could not be loaded: {inner.Message}", inner) =>
        (SampleIndex, Epoch, Batch) = (sample, at.Epoch, at.Batch);

    /// <summary>Index of the sample in the dataset.</summary>
    public int SampleIndex { get; }

    /// <summary>Epoch in which it was wanted, from 0.</summary>
    public int Epoch { get; }

    /// <summary>Batch within the epoch, from 0.</summary>
    public int Batch { get; }
}
