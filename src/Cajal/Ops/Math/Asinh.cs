using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = arsinh x; dy/dx = 1/√(x² + 1).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AsinhKernel = new UnaryKernel<AsinhOperator>("asinh");

    extension(Tensor x)
    {
        /// <summary>The inverse hyperbolic sine.</summary>
        public Tensor Asinh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AsinhKernel, x);
            return Tape.Record("Asinh", y, x, (Saved)x, static (g, x, _) => g * (x.Value.Square() + 1).Rsqrt());
        }
    }

    private readonly struct AsinhOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Asinh(x);
    }
}
