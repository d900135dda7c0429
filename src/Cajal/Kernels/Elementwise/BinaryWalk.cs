namespace Cajal.Kernels;

/// <summary>How an operand advances along the innermost run.</summary>
internal enum Run : byte
{
    Contiguous,
    Repeated,
}

/// <summary>
/// One operand's part of a walk: what its runs are, and where row r starts: <c>Starts[r]</c>, or <c>r * RowStride</c> when there is no table.
/// </summary>
internal readonly ref struct OperandWalk(Run run, int rowStride, ReadOnlySpan<int> starts)
{
    internal readonly Run Run = run;
    internal readonly int RowStride = rowStride;
    internal readonly ReadOnlySpan<int> Starts = starts;
}

/// <summary>How two broadcast operands are walked: <c>Rows</c> runs of <c>Length</c> results each.</summary>
internal readonly ref struct BinaryWalk(OperandWalk x, OperandWalk y, int rows, int length)
{
    internal readonly OperandWalk X = x, Y = y;
    internal readonly int Rows = rows, Length = length;
}
