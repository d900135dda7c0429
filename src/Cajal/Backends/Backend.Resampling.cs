using Cajal.Kernels;

namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>Applies a sparse linear map along an axis of a floating tensor.</summary>
    internal abstract Tensor MapAxis(Tensor x, int axis, AxisMap map);
}
