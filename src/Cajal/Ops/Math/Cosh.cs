using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = cosh x; dy/dx = sinh x.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel CoshKernel = new UnaryKernel<CoshOperator>("cosh");

    extension(Tensor x)
    {
        /// <summary>The hyperbolic cosine.</summary>
        public Tensor Cosh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(CoshKernel, x);
            return Tape.Record("Cosh", y, x, (Saved)x, static (g, x, _) => g * x.Value.Sinh());
        }
    }

    private readonly struct CoshOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Cosh(x);
    }
}
