using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = erf x; dy/dx = 2/√π · exp(-x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ErfKernel = new UnaryKernel<ErfOperator>("erf");
    private static readonly BinaryKernel ErfGradientKernel = new BinaryKernel<ErfGradient>("erf_gradient");

    extension(Tensor x)
    {
        /// <summary>The error function.</summary>
        public Tensor Erf()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ErfKernel, x);
            return Tape.Record("Erf", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * ((-x.Value.Square()).Exp() * (2 / Math.Sqrt(Math.PI))) : OnePass(ErfGradientKernel, g, x));
        }
    }

    private readonly struct ErfOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Erf(x);
    }

    private readonly struct ErfGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * (Simd.Constant<T>(1.1283791670955126) * Simd.Exp(-(x * x)));
    }
}
