using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor SortRows(Tensor x, bool descending)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(x.Dims, DType.Int64);
        int length = x.Dims[^1];
        switch (x.DType)
        {
            case DType.Float32: Kernels.SortRows.Run<float>(x.Span<float>(), y.Span<long>(), length, descending); break;
            case DType.Float64: Kernels.SortRows.Run<double>(x.Span<double>(), y.Span<long>(), length, descending); break;
            case DType.Int64: Kernels.SortRows.Run<long>(x.Span<long>(), y.Span<long>(), length, descending); break;
            case DType.Int32: Kernels.SortRows.Run<int>(x.Span<int>(), y.Span<long>(), length, descending); break;
            case DType.Bool: Kernels.SortRows.Run<byte>(x.Span<byte>(), y.Span<long>(), length, descending); break;
            default: throw NotComputable("Sort", x.DType);
        }
        return y;
    }
}
