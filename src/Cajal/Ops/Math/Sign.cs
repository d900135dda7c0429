using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = sign x; the derivative is 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SignKernel = new UnaryKernel<SignOperator>("sign");

    extension(Tensor x)
    {
        /// <summary>-1, 0 or 1 by the sign of the element.</summary>
        public Tensor Sign()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SignKernel, x);
            return Tape.Record("Sign", y, x, (Saved)x, static (g, x, _) => null);
        }
    }

    private readonly struct SignOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Sign(x);
    }
}
