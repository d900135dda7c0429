namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>
    /// Indices (Int32 or Int64) along an axis of the given length as non-negative Int32 positions, contiguous.
    /// <paramref name="bad"/> is where the first one outside the axis stands (row-major), or -1.
    /// </summary>
    internal abstract Tensor Positions(Tensor index, int length, out int bad);

    /// <summary>The row-major places where a Bool tensor is true: Int32 [count].</summary>
    internal abstract Tensor TruePositions(Tensor mask);

    /// <summary>x [A..., length, C...] at positions [count] along an axis → [A..., count, C...]; position -1 gives zeros.</summary>
    internal abstract Tensor TakeRows(Tensor x, int axis, Tensor positions);

    /// <summary>The adjoint of <see cref="TakeRows"/>: rows of s [A..., count, C...] summed at their positions → [A..., length, C...].</summary>
    internal abstract Tensor SumRows(Tensor s, int axis, Tensor positions, int length);

    /// <summary>Along an axis, y = x at positions; positions [A..., count, C...] differ from x only in the length of that axis.</summary>
    internal abstract Tensor GatherElements(Tensor x, int axis, Tensor positions);

    /// <summary>The adjoint of <see cref="GatherElements"/>: elements of s summed at their positions → length <paramref name="length"/> along the axis.</summary>
    internal abstract Tensor SumElements(Tensor s, int axis, Tensor positions, int length);

    /// <summary>For every element of a tensor with <paramref name="length"/> along the axis: the row-major place of the last position that names it, or -1.</summary>
    internal abstract Tensor LastWriter(int axis, Tensor positions, int length);
}
