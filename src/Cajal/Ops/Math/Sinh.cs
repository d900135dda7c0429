using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = sinh x; dy/dx = cosh x.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SinhKernel = new UnaryKernel<SinhOperator>("sinh");
    private static readonly BinaryKernel SinhGradientKernel = new BinaryKernel<SinhGradient>("sinh_gradient");

    extension(Tensor x)
    {
        /// <summary>The hyperbolic sine.</summary>
        public Tensor Sinh()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SinhKernel, x);
            return Tape.Record("Sinh", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * x.Value.Cosh() : OnePass(SinhGradientKernel, g, x));
        }
    }

    private readonly struct SinhOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Sinh(x);
    }

    private readonly struct SinhGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Cosh(x);
    }
}
