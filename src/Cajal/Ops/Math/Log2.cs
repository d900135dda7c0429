using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = log₂ x; dy/dx = 1/(x ln 2).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel Log2Kernel = new UnaryKernel<Log2Operator>("log2");
    private static readonly BinaryKernel Log2GradientKernel = new BinaryKernel<Log2Gradient>("log2_gradient");

    extension(Tensor x)
    {
        /// <summary>The logarithm to base 2.</summary>
        public Tensor Log2()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(Log2Kernel, x);
            return Tape.Record("Log2", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g / (x.Value * Math.Log(2)) : OnePass(Log2GradientKernel, g, x));
        }
    }

    private readonly struct Log2Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Log2(x);
    }

    private readonly struct Log2Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g / (x * Simd.Constant<T>(0.6931471805599453));
    }
}
