using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = tan x; dy/dx = 1 + y².</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel TanKernel = new UnaryKernel<TanOperator>("tan");
    private static readonly BinaryKernel TanGradientKernel = new BinaryKernel<TanGradient>("tan_gradient");

    extension(Tensor x)
    {
        /// <summary>The tangent of an angle in radians.</summary>
        public Tensor Tan()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(TanKernel, x);
            return Tape.Record("Tan", y, x, (Saved)y, static (g, y, _) => GradMode.IsEnabled ? g * (y.Value.Square() + 1) : OnePass(TanGradientKernel, g, y));
        }
    }

    private readonly struct TanOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Tan(x);
    }

    private readonly struct TanGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> y) where T : unmanaged => g * (Vector<T>.One + y * y);
    }
}
