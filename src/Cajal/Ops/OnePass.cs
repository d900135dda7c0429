using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>Gradients of elementwise ops in one pass over memory.</content>
public static partial class TensorOps
{
    /// <summary>f(g, saved) in one pass. The result is not recorded: for rules that run while nobody wants the graph of the gradient.</summary>
    private static Tensor OnePass(BinaryKernel kernel, Tensor g, Tensor saved) => Backend.Of(g).Binary(kernel, g, saved, kernel.Name);

    /// <summary>
    /// g · d(x) in one pass, for a derivative d that is constant in pieces of x: linear in g, so the rule of its gradient is the same pass again.
    /// </summary>
    private static Tensor Gate(Tensor g, Tensor x, BinaryKernel kernel) =>
        Tape.Record(kernel.Name, OnePass(kernel, g, x), g, (X: (Saved)x, Kernel: kernel), static (g, saved, _) => Gate(g, saved.X, saved.Kernel));

    private static Vector<T> NormalDensity<T>(Vector<T> x) where T : unmanaged =>
        Simd.Constant<T>(0.3989422804014327) * Simd.Exp(x * x * Simd.Constant<T>(-0.5));
}
