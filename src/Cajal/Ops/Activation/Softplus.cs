using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ln(1 + eˣ), without overflow; dy/dx = σ(x).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SoftplusKernel = new UnaryKernel<SoftplusOperator>("softplus");

    extension(Tensor x)
    {
        /// <summary>ln(1 + eˣ): a smooth rectifier that tends to x.</summary>
        public Tensor Softplus()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SoftplusKernel, x);
            return Tape.Record("Softplus", y, x, (Saved)x, static (g, x, _) => g * x.Value.Sigmoid());
        }
    }

    private readonly struct SoftplusOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Softplus(x);
    }
}
