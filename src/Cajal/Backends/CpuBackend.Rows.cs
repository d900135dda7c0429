using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor Scan(ScanKernel kernel, Tensor x, int axis, bool fromEnd)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(x.Dims, x.DType);
        int outer = Product(x.Dims, 0, axis), length = x.Dims[axis], inner = Product(x.Dims, axis + 1, x.Rank);
        switch (x.DType)
        {
            case DType.Float32: kernel.Run(x.Span<float>(), y.Span<float>(), outer, length, inner, fromEnd); break;
            case DType.Float64: kernel.Run(x.Span<double>(), y.Span<double>(), outer, length, inner, fromEnd); break;
            case DType.Int64: kernel.Run(x.Span<long>(), y.Span<long>(), outer, length, inner, fromEnd); break;
            case DType.Int32: kernel.Run(x.Span<int>(), y.Span<int>(), outer, length, inner, fromEnd); break;
            default: throw NotComputable(kernel.Name, x.DType);
        }
        return y;
    }

    internal override Tensor Softmax(Tensor x, bool logarithm)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(x.Dims, x.DType);
        if (x.DType == DType.Float32) SoftmaxRows.Forward(x.Span<float>(), y.Span<float>(), x.Dims[^1], logarithm);
        else if (x.DType == DType.Float64) SoftmaxRows.Forward(x.Span<double>(), y.Span<double>(), x.Dims[^1], logarithm);
        else throw NotComputable("Softmax", x.DType);
        return y;
    }

    internal override Tensor SoftmaxBackward(Tensor g, Tensor y, bool logarithm)
    {
        g = g.Contiguous();
        y = y.Contiguous();
        var dx = Tensor.Uninitialised(y.Dims, y.DType);
        if (y.DType == DType.Float32) SoftmaxRows.Backward(g.Span<float>(), y.Span<float>(), dx.Span<float>(), y.Dims[^1], logarithm);
        else SoftmaxRows.Backward(g.Span<double>(), y.Span<double>(), dx.Span<double>(), y.Dims[^1], logarithm);
        return dx;
    }
}
