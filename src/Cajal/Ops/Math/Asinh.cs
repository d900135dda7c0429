using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = arsinh x; dy/dx = 1/√(x² + 1).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AsinhKernel = new UnaryKernel<AsinhOperator>("asinh");
    private static readonly BinaryKernel AsinhGradientKernel = new BinaryKernel<AsinhGradient>("asinh_gradient");

    extension(Tensor x)
    {
        /// <summary>The inverse hyperbolic sine.</summary>
        public Tensor Asinh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AsinhKernel, x);
            return Tape.Record("Asinh", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * (x.Value.Square() + 1).Rsqrt() : OnePass(AsinhGradientKernel, g, x));
        }
    }

    private readonly struct AsinhOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Asinh(x);
    }

    private readonly struct AsinhGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Rsqrt(x * x + Vector<T>.One);
    }
}
