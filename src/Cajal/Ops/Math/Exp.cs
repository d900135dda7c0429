using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = eˣ; dy/dx = y.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel ExpKernel = new UnaryKernel<ExpOperator>("exp");

    extension(Tensor x)
    {
        /// <summary>eˣ, element by element.</summary>
        public Tensor Exp()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(ExpKernel, x);
            return Tape.Record("Exp", y, x, (Saved)y, static (g, y, _) => g * y.Value);
        }
    }

    private readonly struct ExpOperator : IUnaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Exp(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged => Simd512.Exp(x);
    }
}
