using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = eˣ; dy/dx = y.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ExpKernel = new UnaryKernel<ExpOperator>("exp");

    extension(Tensor x)
    {
        /// <summary>eˣ, element by element.</summary>
        public Tensor Exp()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ExpKernel, x);
            return Tape.Record("Exp", y, x, (Saved)y, static (g, y, _) => g * y.Value);
        }
    }

    private readonly struct ExpOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Exp(x);
    }
}
