namespace Cajal.Onnx;

/// <summary>
/// Text as numbers: every different string has one handle, so tensors of text move, compare and select like integers. A run continues the table of its model and takes
/// what it added away with it.
/// </summary>
/// <param name="below">The table that this one continues, which no longer grows.</param>
internal sealed class StringTable(StringTable? below = null)
{
    private readonly int start = below?.Count ?? 0;
    private readonly List<string> texts = [];
    private readonly Dictionary<string, int> handles = new(StringComparer.Ordinal);

    internal int Count => start + texts.Count;

    internal string this[long handle] => handle < start ? below![handle] : texts[(int)handle - start];

    internal long Handle(string text)
    {
        if (Find(text) is var known and >= 0) return known;
        handles.Add(text, Count);
        texts.Add(text);
        return Count - 1;
    }

    private int Find(string text) => handles.TryGetValue(text, out int handle) ? handle : below?.Find(text) is { } known and >= 0 && known < start ? known : -1;
}
