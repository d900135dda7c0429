using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = √x; dy/dx = 1/(2y).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SqrtKernel = new UnaryKernel<SqrtOperator>("sqrt");
    private static readonly BinaryKernel SqrtGradientKernel = new BinaryKernel<SqrtGradient>("sqrt_gradient");

    extension(Tensor x)
    {
        /// <summary>The square root; NaN below 0.</summary>
        public Tensor Sqrt()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SqrtKernel, x);
            return Tape.Record("Sqrt", y, x, (Saved)y, static (g, y, _) => GradMode.IsEnabled ? g / (y.Value * 2) : OnePass(SqrtGradientKernel, g, y));
        }
    }

    private readonly struct SqrtOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Sqrt(x);
    }

    private readonly struct SqrtGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> y) where T : unmanaged => g / (y + y);
    }
}
