using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed unsafe partial class CpuBackend
{
    internal override Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        x = x.Contiguous();
        bias = bias?.Contiguous();
        int n = weight.Dims[0], k = weight.Dims[1];
        var y = Tensor.Uninitialised([.. x.Dims[..^1], n], x.DType);
        if (y.Count == 0) return y;
        if (x.DType == DType.Float32) Run<float>();
        else if (x.DType == DType.Float64) Run<double>();
        else throw NotComputable("Linear", x.DType);
        return y;

        void Run<T>() where T : unmanaged, INumberBase<T>
        {
            int[] strides = weight.Strides;
            int m = y.Count / n;
            var packed = m > Gemm.FewRows && n > 1 && k > 0 ? Arrangement.Of(weight, 0, static (w, _) => Packed<T>(w)) : null;
            fixed (T* px = x.Span<T>(), pw = weight.SpanFromOffset<T>(), pp = Span<T>(packed), pb = Span<T>(bias), py = y.Span<T>())
            {
                Gemm.MultiplyAdd(m, n, k, px, k, 1, pw, strides[1], strides[0], pp, pb, py, n);
            }
        }
    }

    /// <summary>A weight [n, k] as the right side of a product, packed.</summary>
    private static Tensor Packed<T>(Tensor weight) where T : unmanaged, INumberBase<T>
    {
        int n = weight.Dims[0], k = weight.Dims[1];
        int[] strides = weight.Strides;
        var packed = Tensor.Uninitialised([k, Gemm.PackedColumns<T>(n)], weight.DType);
        fixed (T* from = weight.SpanFromOffset<T>(), to = packed.Span<T>()) Gemm.Pack(n, k, from, strides[1], strides[0], to);
        return packed;
    }

    internal override Tensor LinearInputGradient(Tensor g, Tensor weight)
    {
        g = g.Contiguous();
        int n = weight.Dims[0], k = weight.Dims[1];
        var dx = Tensor.Uninitialised([.. g.Dims[..^1], k], g.DType);
        if (dx.Count == 0) return dx;
        if (g.DType == DType.Float32) Run<float>();
        else Run<double>();
        return dx;

        void Run<T>() where T : unmanaged
        {
            int[] strides = weight.Strides;
            fixed (T* pg = g.Span<T>(), pw = weight.SpanFromOffset<T>(), pd = dx.Span<T>())
            {
                Gemm.Multiply(dx.Count / k, k, n, pg, n, 1, pw, strides[0], strides[1], pd, k, accumulate: false);
            }
        }
    }

    internal override Tensor LinearWeightGradient(Tensor g, Tensor x)
    {
        (g, x) = (g.Contiguous(), x.Contiguous());
        int n = g.Dims[^1], k = x.Dims[^1];
        var dw = Tensor.Uninitialised([n, k], g.DType);
        if (dw.Count == 0) return dw;
        if (g.DType == DType.Float32) Run<float>();
        else Run<double>();
        return dw;

        void Run<T>() where T : unmanaged
        {
            fixed (T* pg = g.Span<T>(), px = x.Span<T>(), pd = dw.Span<T>())
            {
                Gemm.Multiply(n, k, g.Count / n, pg, 1, n, px, k, 1, pd, k, accumulate: false);
            }
        }
    }
}
