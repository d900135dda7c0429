using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = arctan x; dy/dx = 1/(1 + x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AtanKernel = new UnaryKernel<AtanOperator>("atan");
    private static readonly BinaryKernel AtanGradientKernel = new BinaryKernel<AtanGradient>("atan_gradient");

    extension(Tensor x)
    {
        /// <summary>The inverse tangent, in radians.</summary>
        public Tensor Atan()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AtanKernel, x);
            return Tape.Record("Atan", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g / (x.Value.Square() + 1) : OnePass(AtanGradientKernel, g, x));
        }
    }

    private readonly struct AtanOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Atan(x);
    }

    private readonly struct AtanGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g / (Vector<T>.One + x * x);
    }
}
