using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ln(1 + x); dy/dx = 1/(1 + x).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel Log1pKernel = new UnaryKernel<Log1pOperator>("log1p");
    private static readonly BinaryKernel Log1pGradientKernel = new BinaryKernel<Log1pGradient>("log1p_gradient");

    extension(Tensor x)
    {
        /// <summary>ln(1 + x), accurate for small x.</summary>
        public Tensor Log1p()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(Log1pKernel, x);
            return Tape.Record("Log1p", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g / (x.Value + 1) : OnePass(Log1pGradientKernel, g, x));
        }
    }

    private readonly struct Log1pOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Log1p(x);
    }

    private readonly struct Log1pGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g / (Vector<T>.One + x);
    }
}
