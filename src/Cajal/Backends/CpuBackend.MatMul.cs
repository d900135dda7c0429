using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor MatMul(Tensor a, Tensor b)
    {
        var z = Tensor.Uninitialised([.. a.Dims[..^1], b.Dims[^1]], a.DType);
        switch (a.DType)
        {
            case DType.Float32: MatMul<float>(a, b, z); break;
            case DType.Float64: MatMul<double>(a, b, z); break;
            case DType.Int64: MatMul<long>(a, b, z); break;
            case DType.Int32: MatMul<int>(a, b, z); break;
            default: throw NotComputable("MatMul", a.DType);
        }
        return z;
    }

    private static unsafe void MatMul<T>(Tensor a, Tensor b, Tensor z) where T : unmanaged
    {
        int m = a.Dims[^2], k = a.Dims[^1], n = b.Dims[^1];
        if (z.Count == 0) return;
        // More than one batch axis is merged where strides allow; otherwise copied, since kernels know one batch stride.
        if (a.Rank > 3)
        {
            (a, b) = (OneBatchAxis(a), OneBatchAxis(b));
        }
        int batch = a.Rank == 2 ? 1 : a.Dims[0];
        int[] sa = a.Strides, sb = b.Strides;
        fixed (T* pa = a.SpanFromOffset<T>(), pb = b.SpanFromOffset<T>(), pz = z.Span<T>())
        {
            if (batch == 1) Gemm.Multiply(m, n, k, pa, sa[^2], sa[^1], pb, sb[^2], sb[^1], pz, n, accumulate: false);
            else Gemm.MultiplyBatched(batch, m, n, k, pa, sa[0], sa[^2], sa[^1], pb, sb[0], sb[^2], sb[^1], pz, (nint)m * n, n);
        }
    }

    private static Tensor OneBatchAxis(Tensor x)
    {
        var axes = AxisMerger.Merge(x.Dims[..^2], [x.Strides[..^2]]);
        if (axes.Rank > 1) return x.Contiguous().Detach().Reshape([-1, x.Dims[^2], x.Dims[^1]]);
        int length = axes.Rank == 0 ? 1 : axes.Dims[0], stride = axes.Rank == 0 ? 0 : axes.Strides[0][0];
        return x.View([length, x.Dims[^2], x.Dims[^1]], [stride, x.Strides[^2], x.Strides[^1]], x.Offset);
    }
}
