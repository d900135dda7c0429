using Cajal.Kernels;

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

    /// <summary>Convolution of contiguous x [N, C, H, W] with filters [O, C/groups, KH, KW], plus bias [O].</summary>
    internal abstract Tensor Conv(Tensor x, Tensor w, Tensor? bias, ConvGeometry g);

    /// <summary>The gradient of a convolution's input.</summary>
    internal abstract Tensor ConvBackwardInput(Tensor dy, Tensor w, ConvGeometry g);

    /// <summary>The gradient of a convolution's filters.</summary>
    internal abstract Tensor ConvBackwardWeight(Tensor x, Tensor dy, ConvGeometry g);

    /// <summary>The largest of each window; <paramref name="winners"/> receives where it stands in its plane.</summary>
    internal abstract Tensor MaxPool(Tensor x, ConvGeometry g, int[] winners);

    /// <summary>The mean of each window, or the adjoint of taking it.</summary>
    internal abstract Tensor AveragePool(Tensor x, ConvGeometry g, bool adjoint);
}
