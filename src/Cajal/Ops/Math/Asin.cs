using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = arcsin x; dy/dx = 1/√(1 - x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AsinKernel = new UnaryKernel<AsinOperator>("asin");
    private static readonly BinaryKernel AsinGradientKernel = new BinaryKernel<AsinGradient>("asin_gradient");

    extension(Tensor x)
    {
        /// <summary>The inverse sine, in radians.</summary>
        public Tensor Asin()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AsinKernel, x);
            return Tape.Record("Asin", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * (1 - x.Value.Square()).Rsqrt() : OnePass(AsinGradientKernel, g, x));
        }
    }

    private readonly struct AsinOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Asin(x);
    }

    private readonly struct AsinGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Rsqrt(Vector<T>.One - x * x);
    }
}
