namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>The positions (Int64) of the elements of each row of x [B..., length] in stable sorted order.</summary>
    internal abstract Tensor SortRows(Tensor x, bool descending);
}
