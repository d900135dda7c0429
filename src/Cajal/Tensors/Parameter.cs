namespace Cajal;

/// <summary>A tensor that an optimiser changes: a leaf of the tape that always collects a gradient, and a named member of a <c>Module</c>.</summary>
public sealed class Parameter : Tensor
{
    /// <summary>Takes over the values of <paramref name="value"/> (shared storage, no copy).</summary>
    public Parameter(Tensor value) : base(value.Contiguous().Storage, value.Contiguous().Offset, value.Dims, null, value.DType) => RequiresGrad = true;
}
