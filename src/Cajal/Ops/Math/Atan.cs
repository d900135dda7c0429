using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = arctan x; dy/dx = 1/(1 + x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AtanKernel = new UnaryKernel<AtanOperator>("atan");

    extension(Tensor x)
    {
        /// <summary>The inverse tangent, in radians.</summary>
        public Tensor Atan()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AtanKernel, x);
            return Tape.Record("Atan", y, x, (Saved)x, static (g, x, _) => g / (x.Value.Square() + 1));
        }
    }

    private readonly struct AtanOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Atan(x);
    }
}
