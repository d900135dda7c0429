using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x rounded, half to even; the derivative is 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel RoundKernel = new UnaryKernel<RoundOperator>("round");

    extension(Tensor x)
    {
        /// <summary>The nearest whole number, half to even.</summary>
        public Tensor Round()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(RoundKernel, x);
            return Tape.Record("Round", y, x, (Saved)x, static (g, x, _) => null);
        }
    }

    private readonly struct RoundOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Round(x);
    }
}
