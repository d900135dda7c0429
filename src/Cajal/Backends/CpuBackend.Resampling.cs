using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor MapAxis(Tensor x, int axis, AxisMap map)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(WithLength(x.Dims, axis, map.Outputs), x.DType);
        int outer = Product(x.Dims, 0, axis), inner = Product(x.Dims, axis + 1, x.Rank);
        switch (x.DType)
        {
            case DType.Float32: MapAxis<float>.Run(x.Span<float>(), y.Span<float>(), map, outer, inner); break;
            case DType.Float64: MapAxis<double>.Run(x.Span<double>(), y.Span<double>(), map, outer, inner); break;
            default: throw NotComputable("Interpolate", x.DType);
        }
        return y;
    }
}
