using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = |x|; dy/dx = sign x, 0 at 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AbsKernel = new UnaryKernel<AbsOperator>("abs");

    extension(Tensor x)
    {
        /// <summary>The absolute value.</summary>
        public Tensor Abs()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AbsKernel, x);
            return Tape.Record("Abs", y, x, (Saved)x, static (g, x, _) => g * x.Value.Sign());
        }
    }

    private readonly struct AbsOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Abs(x);
    }
}
