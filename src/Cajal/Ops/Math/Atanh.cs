using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = artanh x; dy/dx = 1/(1 - x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AtanhKernel = new UnaryKernel<AtanhOperator>("atanh");
    private static readonly BinaryKernel AtanhGradientKernel = new BinaryKernel<AtanhGradient>("atanh_gradient");

    extension(Tensor x)
    {
        /// <summary>The inverse hyperbolic tangent; NaN beyond ±1.</summary>
        public Tensor Atanh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AtanhKernel, x);
            return Tape.Record("Atanh", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g / (1 - x.Value.Square()) : OnePass(AtanhGradientKernel, g, x));
        }
    }

    private readonly struct AtanhOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Atanh(x);
    }

    private readonly struct AtanhGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g / (Vector<T>.One - x * x);
    }
}
