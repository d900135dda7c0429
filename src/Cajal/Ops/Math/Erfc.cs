using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = 1 - erf x, without cancellation; dy/dx = -2/√π · exp(-x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ErfcKernel = new UnaryKernel<ErfcOperator>("erfc");
    private static readonly BinaryKernel ErfcGradientKernel = new BinaryKernel<ErfcGradient>("erfc_gradient");

    extension(Tensor x)
    {
        /// <summary>The complementary error function.</summary>
        public Tensor Erfc()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ErfcKernel, x);
            return Tape.Record("Erfc", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * ((-x.Value.Square()).Exp() * (-2 / Math.Sqrt(Math.PI))) : OnePass(ErfcGradientKernel, g, x));
        }
    }

    private readonly struct ErfcOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Erfc(x);
    }

    private readonly struct ErfcGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * (Simd.Constant<T>(-1.1283791670955126) * Simd.Exp(-(x * x)));
    }
}
