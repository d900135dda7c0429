using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = cosh x; dy/dx = sinh x.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel CoshKernel = new UnaryKernel<CoshOperator>("cosh");
    private static readonly BinaryKernel CoshGradientKernel = new BinaryKernel<CoshGradient>("cosh_gradient");

    extension(Tensor x)
    {
        /// <summary>The hyperbolic cosine.</summary>
        public Tensor Cosh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(CoshKernel, x);
            return Tape.Record("Cosh", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * x.Value.Sinh() : OnePass(CoshGradientKernel, g, x));
        }
    }

    private readonly struct CoshOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Cosh(x);
    }

    private readonly struct CoshGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Sinh(x);
    }
}
