using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = log₁₀ x; dy/dx = 1/(x ln 10).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel Log10Kernel = new UnaryKernel<Log10Operator>("log10");
    private static readonly BinaryKernel Log10GradientKernel = new BinaryKernel<Log10Gradient>("log10_gradient");

    extension(Tensor x)
    {
        /// <summary>The logarithm to base 10.</summary>
        public Tensor Log10()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(Log10Kernel, x);
            return Tape.Record("Log10", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g / (x.Value * Math.Log(10)) : OnePass(Log10GradientKernel, g, x));
        }
    }

    private readonly struct Log10Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Log10(x);
    }

    private readonly struct Log10Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g / (x * Simd.Constant<T>(2.302585092994046));
    }
}
