using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = erf x; dy/dx = 2/√π · exp(-x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ErfKernel = new UnaryKernel<ErfOperator>("erf");

    extension(Tensor x)
    {
        /// <summary>The error function.</summary>
        public Tensor Erf()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ErfKernel, x);
            return Tape.Record("Erf", y, x, (Saved)x, static (g, x, _) => g * ((-x.Value.Square()).Exp() * (2 / Math.Sqrt(Math.PI))));
        }
    }

    private readonly struct ErfOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Erf(x);
    }
}
