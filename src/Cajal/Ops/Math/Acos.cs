using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = arccos x; dy/dx = -1/√(1 - x²).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AcosKernel = new UnaryKernel<AcosOperator>("acos");
    private static readonly BinaryKernel AcosGradientKernel = new BinaryKernel<AcosGradient>("acos_gradient");

    extension(Tensor x)
    {
        /// <summary>The inverse cosine, in radians.</summary>
        public Tensor Acos()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(AcosKernel, x);
            return Tape.Record("Acos", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? -(g * (1 - x.Value.Square()).Rsqrt()) : OnePass(AcosGradientKernel, g, x));
        }
    }

    private readonly struct AcosOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Acos(x);
    }

    private readonly struct AcosGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => -(g * Simd.Rsqrt(Vector<T>.One - x * x));
    }
}
