using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x - λ above λ, x + λ below -λ, else 0; dy/dx = 1 outside [-λ, λ], else 0.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Moves x towards 0 by <paramref name="lambda"/>: the proximal step of λ|x| (Donoho and Johnstone 1994).</summary>
        public Tensor SoftShrink(double lambda = 0.5)
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(new UnaryKernel<SoftShrinkOperator>("softshrink", new(lambda)), x);
            return Tape.Record("SoftShrink", y, x, (X: (Saved)x, Lambda: lambda), static (g, saved, _) =>
                Gate(g, saved.X, new BinaryKernel<SoftShrinkGradient>("softshrink_gradient", new(saved.Lambda))));
        }
    }

    private readonly struct SoftShrinkOperator(double lambda) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            x - Simd.Clamp(x, Simd.Constant<T>(-lambda), Simd.Constant<T>(lambda));
    }

    private readonly struct SoftShrinkGradient(double lambda) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.Greater(Simd.Abs(x), Simd.Constant<T>(lambda)), g, Vector<T>.Zero);
    }
}
