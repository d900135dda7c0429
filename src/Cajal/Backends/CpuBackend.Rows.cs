using System.Runtime.Intrinsics;
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
        if (x.DType == DType.Float32) Run<float>();
        else if (x.DType == DType.Float64) Run<double>();
        else throw NotComputable("Softmax", x.DType);
        return y;

        void Run<T>() where T : unmanaged
        {
            if (Vector512.IsHardwareAccelerated) SoftmaxRows512.Forward(x.Span<T>(), y.Span<T>(), x.Dims[^1], logarithm);
            else SoftmaxRows.Forward(x.Span<T>(), y.Span<T>(), x.Dims[^1], logarithm);
        }
    }

    internal override Tensor SoftmaxBackward(Tensor g, Tensor y, bool logarithm)
    {
        g = g.Contiguous();
        y = y.Contiguous();
        var dx = Tensor.Uninitialised(y.Dims, y.DType);
        if (y.DType == DType.Float32) Run<float>();
        else Run<double>();
        return dx;

        void Run<T>() where T : unmanaged
        {
            if (Vector512.IsHardwareAccelerated) SoftmaxRows512.Backward(g.Span<T>(), y.Span<T>(), dx.Span<T>(), y.Dims[^1], logarithm);
            else SoftmaxRows.Backward(g.Span<T>(), y.Span<T>(), dx.Span<T>(), y.Dims[^1], logarithm);
        }
    }
}
