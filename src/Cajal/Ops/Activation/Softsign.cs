using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x/(1 + |x|); dy/dx = 1/(1 + |x|)².</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SoftsignKernel = new UnaryKernel<SoftsignOperator>("softsign");
    private static readonly BinaryKernel SoftsignGradientKernel = new BinaryKernel<SoftsignGradient>("softsign_gradient");

    extension(Tensor x)
    {
        /// <summary>x / (1 + |x|) (Bergstra et al. 2009).</summary>
        public Tensor Softsign()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SoftsignKernel, x);
            return Tape.Record("Softsign", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g / (x.Value.Abs() + 1).Square() : OnePass(SoftsignGradientKernel, g, x));
        }
    }

    private readonly struct SoftsignOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => x / (Vector<T>.One + Simd.Abs(x));
    }

    private readonly struct SoftsignGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged
        {
            var d = Vector<T>.One + Simd.Abs(x);
            return g / (d * d);
        }
    }
}
