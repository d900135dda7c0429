using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = -x; dy/dx = -1.</content>
public static partial class TensorOps
{
    internal static readonly UnaryKernel NegateKernel = new UnaryKernel<NegateOperator>("negate");

    extension(Tensor)
    {
        /// <summary>Changes the sign of every element.</summary>
        public static Tensor operator -(Tensor x) =>
            Tape.Record("Negate", Backend.Of(x).Unary(NegateKernel, x), x, default(ValueTuple), static (g, _, _) => -g);
    }

    private readonly struct NegateOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => -x;
    }
}
