namespace Cajal.Kernels;

/// <summary>Which elements share a weight.</summary>
internal enum NormWeights
{
    /// <summary>Element j of every row has weight j.</summary>
    PerElement,
    /// <summary>Each piece of a row has one.</summary>
    PerPiece,
    /// <summary>Each row has one.</summary>
    PerRow,
}

/// <summary>
/// Rows that are normalised, each by itself. Row r starts at r · RowStride and is <c>Pieces</c> runs of <c>Length</c> neighbours, PieceStride apart.
/// </summary>
/// <param name="Rows">Independent rows.</param>
/// <param name="RowStride">Elements between the starts of two rows.</param>
/// <param name="Pieces">Runs in a row.</param>
/// <param name="PieceStride">Elements between the starts of two runs.</param>
/// <param name="Length">Elements in a run.</param>
/// <param name="Groups">After so many rows the weights repeat.</param>
/// <param name="Weights">Which elements share a weight.</param>
internal readonly record struct NormGeometry(int Rows, int RowStride, int Pieces, int PieceStride, int Length, int Groups, NormWeights Weights)
{
    /// <summary>Rows whose gradients of the weights are added before they are written; fixed, so that no bit depends on the number of threads.</summary>
    private const int RowsPerPartial = 32;

    /// <summary>Elements in a row.</summary>
    internal int Count => Pieces * Length;

    internal int WeightsPerRow => Weights switch { NormWeights.PerElement => Length, NormWeights.PerPiece => Pieces, _ => 1 };

    /// <summary>Neighbouring rows that share one line of partial weight gradients.</summary>
    internal int Together => Weights == NormWeights.PerElement ? RowsPerPartial : 1;

    /// <summary>Lines of partial weight gradients.</summary>
    internal int Partials => (Rows + Together - 1) / Together;
}
