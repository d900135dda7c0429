namespace Cajal.Cli;

/// <summary>Named tensors that are read one by one.</summary>
/// <param name="entries">What there is.</param>
/// <param name="notes">Texts beside them.</param>
/// <param name="read">Reads one; whether as stored, half-width floats included.</param>
/// <param name="owner">What to close.</param>
internal sealed class TensorSource(IReadOnlyCollection<TensorEntry> entries, IReadOnlyDictionary<string, string> notes, Func<string, bool, Tensor> read, IDisposable? owner) : IDisposable
{
    /// <summary>The operators of a graph, in order; empty where there is none.</summary>
    internal string[] Operators { get; init; } = [];

    internal IReadOnlyCollection<TensorEntry> Entries => entries;

    internal IReadOnlyDictionary<string, string> Notes => notes;

    internal Tensor Read(string key, bool asStored = false) => read(key, asStored);

    public void Dispose() => owner?.Dispose();
}

/// <summary>What is to be written.</summary>
/// <param name="Tensors">Tensors by key.</param>
/// <param name="Notes">Texts beside them, for formats that hold texts.</param>
/// <param name="Floats">A type to store floats in; null keeps theirs.</param>
internal sealed record TensorContent(IReadOnlyList<KeyValuePair<string, Tensor>> Tensors, IReadOnlyDictionary<string, string> Notes, DType? Floats)
{
    /// <summary>The tensors in the type asked for, for writers that do not convert.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Converted =>
        Tensors.Select(pair => Floats is { } type && pair.Value.DType.IsFloating ? KeyValuePair.Create(pair.Key, pair.Value.Cast(type)) : pair);
}
