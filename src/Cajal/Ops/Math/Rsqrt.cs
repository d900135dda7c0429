using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = 1/√x; dy/dx = -y³/2.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel RsqrtKernel = new UnaryKernel<RsqrtOperator>("rsqrt");

    extension(Tensor x)
    {
        /// <summary>One over the square root.</summary>
        public Tensor Rsqrt()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(RsqrtKernel, x);
            return Tape.Record("Rsqrt", y, x, (Saved)y, static (g, y, _) => g * (y.Value * y.Value.Square() * -0.5));
        }
    }

    private readonly struct RsqrtOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Rsqrt(x);
    }
}
