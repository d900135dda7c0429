using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x σ(x); dy/dx = σ(x)(1 + x(1 - σ(x))).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SiluKernel = new UnaryKernel<SiluOperator>("silu");
    private static readonly BinaryKernel SiluGradientKernel = new BinaryKernel<SiluGradient>("silu_gradient");

    extension(Tensor x)
    {
        /// <summary>x σ(x): the sigmoid linear unit (Elfwing et al. 2018), also called swish.</summary>
        public Tensor Silu()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SiluKernel, x);
            return Tape.Record("Silu", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? SiluSlope(g, x) : OnePass(SiluGradientKernel, g, x));
        }
    }

    /// <summary>The gradient in differentiable ops.</summary>
    private static Tensor SiluSlope(Tensor g, Tensor x)
    {
        var s = x.Sigmoid();
        return g * (s * (x * (1 - s) + 1));
    }

    private readonly struct SiluOperator : IUnaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => x * Simd.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged => x * Simd512.Sigmoid(x);
    }

    private readonly struct SiluGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged
        {
            var s = Simd.Sigmoid(x);
            return g * (s * (Vector<T>.One + x * (Vector<T>.One - s)));
        }
    }
}
