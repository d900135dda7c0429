using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = tan x; dy/dx = 1 + y².</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel TanKernel = new UnaryKernel<TanOperator>("tan");

    extension(Tensor x)
    {
        /// <summary>The tangent of an angle in radians.</summary>
        public Tensor Tan()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(TanKernel, x);
            return Tape.Record("Tan", y, x, (Saved)y, static (g, y, _) => g * (y.Value.Square() + 1));
        }
    }

    private readonly struct TanOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Tan(x);
    }
}
