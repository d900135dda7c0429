using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = 1 - erf x; dy/dx = -2/√π · exp(-x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ErfcKernel = new UnaryKernel<ErfcOperator>("erfc");

    extension(Tensor x)
    {
        /// <summary>The complementary error function, accurate in its tail.</summary>
        public Tensor Erfc()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ErfcKernel, x);
            return Tape.Record("Erfc", y, x, (Saved)x, static (g, x, _) => g * ((-x.Value.Square()).Exp() * (-2 / Math.Sqrt(Math.PI))));
        }
    }

    private readonly struct ErfcOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Erfc(x);
    }
}
