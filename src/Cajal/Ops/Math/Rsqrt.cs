using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = 1/√x; dy/dx = -y³/2.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel RsqrtKernel = new UnaryKernel<RsqrtOperator>("rsqrt");
    private static readonly BinaryKernel RsqrtGradientKernel = new BinaryKernel<RsqrtGradient>("rsqrt_gradient");

    extension(Tensor x)
    {
        /// <summary>1/√x.</summary>
        public Tensor Rsqrt()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(RsqrtKernel, x);
            return Tape.Record("Rsqrt", y, x, (Saved)y, static (g, y, _) => GradMode.IsEnabled ? g * (y.Value * y.Value.Square() * -0.5) : OnePass(RsqrtGradientKernel, g, y));
        }
    }

    private readonly struct RsqrtOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Rsqrt(x);
    }

    private readonly struct RsqrtGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> y) where T : unmanaged => g * (Simd.Constant<T>(-0.5) * y * y * y);
    }
}
