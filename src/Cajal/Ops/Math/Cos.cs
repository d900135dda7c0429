using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = cos x; dy/dx = -sin x.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel CosKernel = new UnaryKernel<CosOperator>("cos");
    private static readonly BinaryKernel CosGradientKernel = new BinaryKernel<CosGradient>("cos_gradient");

    extension(Tensor x)
    {
        /// <summary>The cosine of an angle in radians.</summary>
        public Tensor Cos()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(CosKernel, x);
            return Tape.Record("Cos", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? -(g * x.Value.Sin()) : OnePass(CosGradientKernel, g, x));
        }
    }

    private readonly struct CosOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Cos(x);
    }

    private readonly struct CosGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => -(g * Simd.Sin(x));
    }
}
