using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = |x|; dy/dx = sign x, 0 at 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel AbsKernel = new UnaryKernel<AbsOperator>("abs");
    private static readonly BinaryKernel AbsGradientKernel = new BinaryKernel<AbsGradient>("abs_gradient");

    extension(Tensor x)
    {
        /// <summary>The absolute value. Whole numbers stay whole.</summary>
        public Tensor Abs()
        {
            if (x.DType == DType.Bool) x = x.Cast(DType.Int32);
            var y = Backend.Of(x).Unary(AbsKernel, x);
            return Tape.Record("Abs", y, x, (Saved)x, static (g, x, _) => Gate(g, x, AbsGradientKernel));
        }
    }

    private readonly struct AbsOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Vector.Abs(x);
    }

    private readonly struct AbsGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Sign(x);
    }
}
