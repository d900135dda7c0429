using Cajal.Kernels;

namespace Cajal.Backends;

/// <summary>Runs kernels on the processor, on managed memory.</summary>
internal sealed partial class CpuBackend : Backend
{
    internal static CpuBackend Instance { get; } = new();

    internal override Tensor Unary(UnaryKernel kernel, Tensor x)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(x.Dims, x.DType);
        switch (x.DType)
        {
            case DType.Float32: kernel.Run(x.Span<float>(), y.Span<float>()); break;
            case DType.Float64: kernel.Run(x.Span<double>(), y.Span<double>()); break;
            case DType.Int64: kernel.Run(x.Span<long>(), y.Span<long>()); break;
            case DType.Int32: kernel.Run(x.Span<int>(), y.Span<int>()); break;
            default: throw NotComputable(kernel.Name, x.DType);
        }
        return y;
    }

    internal override Tensor Binary(BinaryKernel kernel, Tensor x, Tensor y, string op)
    {
        var z = Tensor.Uninitialised(Broadcasting.Shape(x.Dims, y.Dims, op), x.DType);
        BinaryInto(kernel, x, y, z);
        return z;
    }

    internal override void BinaryInPlace(BinaryKernel kernel, Tensor target, Tensor y, string op)
    {
        var dims = Broadcasting.Shape(target.Dims, y.Dims, op);
        if (!dims.AsSpan().SequenceEqual(target.Dims)) throw new ShapeException($"{op}: {y.Shape} does not broadcast into {target.Shape}, which must keep its shape.");
        if (target.IsContiguous) BinaryInto(kernel, target, y, target);
        else Copy(Binary(kernel, target, y, op), target);
    }

    private static void BinaryInto(BinaryKernel kernel, Tensor x, Tensor y, Tensor z)
    {
        if (z.Count == 0) return;
        if (x.IsContiguous && y.IsContiguous && x.Count == z.Count && y.Count == z.Count)
        {
            Dispatch(kernel, x, y, z, new(new(Run.Contiguous, 0, default), new(Run.Contiguous, 0, default), 1, z.Count));
            return;
        }
        var dims = z.Dims;
        var strides = new[] { Broadcasting.Strides(x, dims), Broadcasting.Strides(y, dims) };
        if (!InnerRunFits(dims, strides[0]) || !InnerRunFits(dims, strides[1]))
        {
            BinaryInto(kernel, x.Contiguous(), y.Contiguous(), z);
            return;
        }
        var merged = AxisMerger.Merge(dims, strides);
        int rank = merged.Rank, length = rank == 0 ? 1 : merged.Dims[rank - 1], rows = z.Count / length;
        Dispatch(kernel, x, y, z, new(Operand(merged, 0), Operand(merged, 1), rows, length));

        static OperandWalk Operand(MergedAxes axes, int operand)
        {
            if (axes.Rank == 0) return new(Run.Repeated, 0, default);
            var strides = axes.Strides[operand];
            var run = strides[axes.Rank - 1] == 1 ? Run.Contiguous : Run.Repeated;
            return axes.Rank == 1 ? new(run, 0, default)
                : axes.Rank == 2 ? new(run, strides[0], default)
                : new(run, 0, axes.OuterOffsets(operand));
        }
    }

    /// <summary>Whether the last axis that is longer than one advances by 0 or 1.</summary>
    private static bool InnerRunFits(int[] dims, int[] strides)
    {
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            if (dims[axis] != 1) return strides[axis] is 0 or 1;
        }
        return true;
    }

    private static void Dispatch(BinaryKernel kernel, Tensor x, Tensor y, Tensor z, in BinaryWalk walk)
    {
        switch (x.DType)
        {
            case DType.Float32: kernel.Run(x.SpanFromOffset<float>(), y.SpanFromOffset<float>(), z.Span<float>(), walk); break;
            case DType.Float64: kernel.Run(x.SpanFromOffset<double>(), y.SpanFromOffset<double>(), z.Span<double>(), walk); break;
            case DType.Int64: kernel.Run(x.SpanFromOffset<long>(), y.SpanFromOffset<long>(), z.Span<long>(), walk); break;
            case DType.Int32: kernel.Run(x.SpanFromOffset<int>(), y.SpanFromOffset<int>(), z.Span<int>(), walk); break;
            default: throw NotComputable(kernel.Name, x.DType);
        }
    }

    private static ShapeException NotComputable(string op, DType dtype) =>
        new($"{op}: {dtype} tensors are not computed with; Cast(DType.Float32) first.");
}
