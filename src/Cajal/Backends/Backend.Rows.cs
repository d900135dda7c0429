using Cajal.Kernels;

namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>Running combinations along an axis, from its start or its end.</summary>
    internal abstract Tensor Scan(ScanKernel kernel, Tensor x, int axis, bool fromEnd);

    /// <summary>Softmax, or its logarithm, along the last axis.</summary>
    internal abstract Tensor Softmax(Tensor x, bool logarithm);

    /// <summary>The gradient of <see cref="Softmax"/>'s input, from its result <paramref name="y"/>.</summary>
    internal abstract Tensor SoftmaxBackward(Tensor g, Tensor y, bool logarithm);
}
