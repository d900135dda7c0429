using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = tanh x; dy/dx = 1 - y².</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel TanhKernel = new UnaryKernel<TanhOperator>("tanh");
    private static readonly BinaryKernel TanhGradientKernel = new BinaryKernel<TanhGradient>("tanh_gradient");

    extension(Tensor x)
    {
        /// <summary>The hyperbolic tangent.</summary>
        public Tensor Tanh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(TanhKernel, x);
            return Tape.Record("Tanh", y, x, (Saved)y, static (g, y, _) => GradMode.IsEnabled ? g * (1 - y.Value.Square()) : OnePass(TanhGradientKernel, g, y));
        }
    }

    private readonly struct TanhOperator : IUnaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged => Simd512.Tanh(x);
    }

    private readonly struct TanhGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> y) where T : unmanaged => g * (Vector<T>.One - y * y);
    }
}
