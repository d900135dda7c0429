using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor Reduce(ReduceKernel kernel, Tensor x, ReadOnlySpan<bool> reduced)
    {
        x = x.Contiguous();
        // Each run of neighbouring reduced axes is one pass; the innermost run goes first, because it shrinks the data most cheaply.
        var dims = (int[])x.Dims.Clone();
        var current = x;
        bool passed = false;
        for (int last = dims.Length - 1; last >= 0; last--)
        {
            if (!reduced[last]) continue;
            int first = last;
            while (first > 0 && reduced[first - 1]) first--;
            int outer = Product(dims, 0, first), length = Product(dims, first, last + 1), inner = Product(dims, last + 1, dims.Length);
            for (int axis = first; axis <= last; axis++) dims[axis] = 1;
            last = first;
            if (length == 1) continue;
            current = Pass(kernel, current, dims, outer, length, inner);
            passed = true;
        }
        return passed ? current : x.View(dims, null, x.Offset).Clone();
    }

    private static Tensor Pass(ReduceKernel kernel, Tensor x, int[] dims, int outer, int length, int inner)
    {
        var y = Tensor.Uninitialised((int[])dims.Clone(), x.DType);
        switch (x.DType)
        {
            case DType.Float32: kernel.Run(x.Span<float>(), y.Span<float>(), outer, length, inner); break;
            case DType.Float64: kernel.Run(x.Span<double>(), y.Span<double>(), outer, length, inner); break;
            case DType.Int64: kernel.Run(x.Span<long>(), y.Span<long>(), outer, length, inner); break;
            case DType.Int32: kernel.Run(x.Span<int>(), y.Span<int>(), outer, length, inner); break;
            default: throw NotComputable(kernel.Name, x.DType);
        }
        return y;
    }

    private static int Product(int[] dims, int from, int to)
    {
        int product = 1;
        for (int axis = from; axis < to; axis++) product *= dims[axis];
        return product;
    }
}
