using Cajal.Kernels;
using Cajal.Profiling;

namespace Cajal.Backends;

/// <summary>
/// The seam between ops and devices. An op checks shapes, allocates nothing itself and calls one of these; a backend owns the loops.
/// Inputs may be any view unless said otherwise; results are new and contiguous.
/// </summary>
internal abstract partial class Backend
{
    /// <summary>The backend that holds <paramref name="tensor"/>'s storage.</summary>
    internal static Backend Of(Tensor tensor)
    {
        _ = tensor;
        if (Recording.IsOn) Recording.Touch();
        return CpuBackend.Instance;
    }

    /// <summary>y = f(x), element by element.</summary>
    internal abstract Tensor Unary(UnaryKernel kernel, Tensor x);

    /// <summary>z = f(x, y) on operands of one dtype and broadcastable shapes; <paramref name="op"/> is for the error text.</summary>
    internal abstract Tensor Binary(BinaryKernel kernel, Tensor x, Tensor y, string op);

    /// <summary>target = f(target, y), with y broadcast to target.</summary>
    internal abstract void BinaryInPlace(BinaryKernel kernel, Tensor target, Tensor y, string op);

    /// <summary>Copies elements, following strides and converting dtypes, into a view of the same shape.</summary>
    internal abstract void Copy(Tensor source, Tensor target);

    /// <summary>Reduces the marked axes, which stay with length 1.</summary>
    internal abstract Tensor Reduce(ReduceKernel kernel, Tensor x, ReadOnlySpan<bool> reduced);

    /// <summary>Products of matrices: a [B..., m, k] x b [B..., k, n] → [B..., m, n]; batch axes already expanded.</summary>
    internal abstract Tensor MatMul(Tensor a, Tensor b);

    /// <summary>x [N, C, ...] ∗ weight [O, C / groups, ...] + bias [O] → [N, O, ...].</summary>
    internal abstract Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvGeometry geometry, int[] dims);

    /// <summary>The adjoint of a convolution in its input: dy [N, O, ...] → [N, C, ...], plus bias [C].</summary>
    internal abstract Tensor ConvolveBackwardInput(Tensor dy, Tensor weight, Tensor? bias, ConvGeometry geometry, int[] dims);

    /// <summary>The adjoint of a convolution in its weight: x [N, C, ...], dy [N, O, ...] → [O, C / groups, ...].</summary>
    internal abstract Tensor ConvolveBackwardWeight(Tensor x, Tensor dy, ConvGeometry geometry, int[] dims);

    /// <summary>Copies the patch under each position of a kernel: x [N, C, ...] → [N, C · taps, positions].</summary>
    internal abstract Tensor Unfold(Tensor x, ConvGeometry geometry, int[] dims);

    /// <summary>The adjoint of <see cref="Unfold"/>: adds patches up where they overlap.</summary>
    internal abstract Tensor Fold(Tensor patches, ConvGeometry geometry, int[] dims);

    /// <summary>The largest element of each window, and where in its plane it lies (Int32).</summary>
    internal abstract (Tensor Values, Tensor Indices) MaxPool(Tensor x, PoolWindows height, PoolWindows width, int[] dims);

    /// <summary>Adds each element of g [N, C, windows...] to its index's place in a plane of zeros → [N, C, plane...].</summary>
    internal abstract Tensor PoolScatter(Tensor g, Tensor indices, int[] dims);

    /// <summary>The adjoint of <see cref="PoolScatter"/>: picks the indexed element of each plane.</summary>
    internal abstract Tensor PoolGather(Tensor x, Tensor indices);

    /// <summary>The sum of each window over its divisor.</summary>
    internal abstract Tensor AveragePool(Tensor x, PoolWindows height, PoolWindows width, int[] dims);

    /// <summary>The adjoint of <see cref="AveragePool"/>: spreads each element of g over its window.</summary>
    internal abstract Tensor AveragePoolBackward(Tensor g, PoolWindows height, PoolWindows width, int[] dims);
}
