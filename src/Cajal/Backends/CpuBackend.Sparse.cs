using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed partial class CpuBackend
{
    internal override Tensor SparseMatMul(SparsePattern pattern, Tensor values, Tensor x, int heads)
    {
        (values, x) = (values.Contiguous(), x.Contiguous());
        var y = Tensor.Uninitialised([pattern.RowCount, x.Dims[1]], x.DType);
        if (x.DType == DType.Float64) SparseRows<double>.Product(pattern, values.Span<double>(), x.Span<double>(), y.Span<double>(), x.Dims[1], heads);
        else if (x.DType == DType.Float32) SparseRows<float>.Product(pattern, values.Span<float>(), x.Span<float>(), y.Span<float>(), x.Dims[1], heads);
        else throw NotComputable("SparseMatMul", x.DType);
        return y;
    }

    internal override Tensor SampledMatMul(SparsePattern pattern, Tensor a, Tensor b, int heads)
    {
        (a, b) = (a.Contiguous(), b.Contiguous());
        var s = Tensor.Uninitialised([pattern.Count, heads], a.DType);
        if (a.DType == DType.Float64) SparseRows<double>.Sampled(pattern, a.Span<double>(), b.Span<double>(), s.Span<double>(), a.Dims[1], heads);
        else if (a.DType == DType.Float32) SparseRows<float>.Sampled(pattern, a.Span<float>(), b.Span<float>(), s.Span<float>(), a.Dims[1], heads);
        else throw NotComputable("SampledMatMul", a.DType);
        return s;
    }

    internal override Tensor SparseSoftmax(SparsePattern pattern, Tensor values, int heads)
    {
        values = values.Contiguous();
        var p = Tensor.Uninitialised(values.Dims, values.DType);
        if (values.DType == DType.Float64) SparseRows<double>.Softmax(pattern, values.Span<double>(), p.Span<double>(), heads);
        else if (values.DType == DType.Float32) SparseRows<float>.Softmax(pattern, values.Span<float>(), p.Span<float>(), heads);
        else throw NotComputable("SparseSoftmax", values.DType);
        return p;
    }
}
