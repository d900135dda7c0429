namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>Values [entries, heads] (or [entries]) of a pattern times x [columns, F] → [rows, F], each head for its own F / heads columns.</summary>
    internal abstract Tensor SparseMatMul(SparsePattern pattern, Tensor values, Tensor x, int heads);

    /// <summary>Inner products of rows of a [rows, F] and b [columns, F] at the entries of a pattern → [entries, heads], each over its own F / heads columns.</summary>
    internal abstract Tensor SampledMatMul(SparsePattern pattern, Tensor a, Tensor b, int heads);

    /// <summary>Softmax of values [entries, heads] (or [entries]) over the entries of each row → the same shape.</summary>
    internal abstract Tensor SparseSoftmax(SparsePattern pattern, Tensor values, int heads);
}
