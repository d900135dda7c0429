using System.Runtime.CompilerServices;

namespace Cajal;

public partial class Tensor
{
    /// <summary>
    /// A part of the tensor: positions and ranges give views (<c>x[3]</c>, <c>x[^1]</c>, <c>x[.., 2..5]</c>, <c>x[i, j]</c>); tensors of indices and masks give
    /// copies (<c>x[indices]</c>, <c>x[x > 0]</c>, <c>scores[Tensor.Arange(n), labels]</c>). Axes not named are taken whole. Reading is
    /// differentiable. Assigning writes the (broadcast) value in place and is not recorded.
    /// </summary>
    /// <exception cref="ShapeException">Too many entries, an index outside its axis, or a value that does not broadcast to the part.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<Slicer> parts]
    {
        get => TensorOps.IndexGet(this, parts);
        set => TensorOps.IndexSet(this, parts, value);
    }
}
