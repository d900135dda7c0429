using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x for |x| > λ, else 0; dy/dx = 1 or 0.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>x where |x| exceeds <paramref name="lambda"/>, else 0: hard thresholding (Donoho and Johnstone 1994).</summary>
        public Tensor HardShrink(double lambda = 0.5)
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(new UnaryKernel<HardShrinkOperator>("hardshrink", new(lambda)), x);
            return Tape.Record("HardShrink", y, x, (X: (Saved)x, Lambda: lambda), static (g, saved, _) =>
                Gate(g, saved.X, new BinaryKernel<HardShrinkGradient>("hardshrink_gradient", new(saved.Lambda))));
        }
    }

    private readonly struct HardShrinkOperator(double lambda) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.LessOrEqual(Simd.Abs(x), Simd.Constant<T>(lambda)), Vector<T>.Zero, x);
    }

    private readonly struct HardShrinkGradient(double lambda) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.LessOrEqual(Simd.Abs(x), Simd.Constant<T>(lambda)), Vector<T>.Zero, g);
    }
}
