using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override (Tensor Values, Tensor Indices) MaxPool(Tensor x, PoolWindows height, PoolWindows width, int[] dims)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(dims, x.DType);
        var places = Tensor.Uninitialised(dims, DType.Int32);
        if (y.Count == 0) return (y, places);
        switch (x.DType)
        {
            case DType.Float32: MaxPooling.Run(x.Span<float>(), y.Span<float>(), places.Span<int>(), height, width); break;
            case DType.Float64: MaxPooling.Run(x.Span<double>(), y.Span<double>(), places.Span<int>(), height, width); break;
            default: throw NotComputable("MaxPool", x.DType);
        }
        return (y, places);
    }

    internal override Tensor PoolScatter(Tensor g, Tensor indices, int[] dims)
    {
        g = g.Contiguous();
        var x = Tensor.Uninitialised(dims, g.DType);
        Places(x, g, indices, scatter: true);
        return x;
    }

    internal override Tensor PoolGather(Tensor x, Tensor indices)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(indices.Dims, x.DType);
        Places(x, y, indices, scatter: false);
        return y;
    }

    private static void Places(Tensor planes, Tensor picked, Tensor indices, bool scatter)
    {
        int count = planes.Dims[0] * planes.Dims[1];
        if (count == 0) return;
        switch (planes.DType)
        {
            case DType.Float32: PoolPlaces.Run(planes.Span<float>(), picked.Span<float>(), indices.Span<int>(), count, scatter); break;
            case DType.Float64: PoolPlaces.Run(planes.Span<double>(), picked.Span<double>(), indices.Span<int>(), count, scatter); break;
            default: throw NotComputable("MaxPool", planes.DType);
        }
    }

    internal override Tensor AveragePool(Tensor x, PoolWindows height, PoolWindows width, int[] dims) => Average(x, height, width, dims, backward: false);

    internal override Tensor AveragePoolBackward(Tensor g, PoolWindows height, PoolWindows width, int[] dims) => Average(g, height, width, dims, backward: true);

    private static Tensor Average(Tensor x, PoolWindows height, PoolWindows width, int[] dims, bool backward)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(dims, x.DType);
        if (y.Count == 0) return y;
        switch (x.DType)
        {
            case DType.Float32: AveragePooling.Run(x.Span<float>(), y.Span<float>(), height, width, backward); break;
            case DType.Float64: AveragePooling.Run(x.Span<double>(), y.Span<double>(), height, width, backward); break;
            default: throw NotComputable("AvgPool", x.DType);
        }
        return y;
    }
}
