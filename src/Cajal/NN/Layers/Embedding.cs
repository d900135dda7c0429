namespace Cajal;

/// <summary>A learned row for each of <c>count</c> symbols: indices [B...] → [B..., width].</summary>
/// <param name="count">Symbols.</param>
/// <param name="width">Length of a row, E.</param>
/// <param name="paddingIndex">A symbol whose row starts at zero and is never trained; null for none.</param>
public sealed partial class Embedding(int count, int width, int? paddingIndex = null) : Module
{
    private readonly Parameter weight = new(Start(count, width, paddingIndex));

    /// <summary>The table [count, width].</summary>
    public Parameter Weight => weight;

    /// <summary>A layer with the rows of <paramref name="table"/> [K, E].</summary>
    /// <param name="table">The rows.</param>
    /// <param name="trainable">Whether they may change.</param>
    public static Embedding From(Tensor table, bool trainable = true)
    {
        if (table.Rank != 2) throw new ShapeException($"Embedding: the table must be a matrix [K, E], not {table.Shape}.");
        var layer = new Embedding(table.Dims[0], table.Dims[1]);
        layer.weight.CopyFrom(table);
        if (!trainable) layer.weight.RequiresGrad = false;
        return layer;
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">An index lies outside the table.</exception>
    public override Tensor Forward(Tensor x) => Report(x, Tensor.Embedding(weight, x, paddingIndex));

    private static Tensor Start(int count, int width, int? paddingIndex)
    {
        var table = Tensor.Normal([count, width]);
        if (paddingIndex is not { } padding) return table;
        if (padding < -count || padding >= count) throw new ArgumentOutOfRangeException(nameof(paddingIndex), padding, $"Embedding: paddingIndex must name one of the {count} rows.");
        table.Select(0, padding < 0 ? padding + count : padding).Fill(0);
        return table;
    }
}
