using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x without its fraction; the derivative is 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel TruncateKernel = new UnaryKernel<TruncateOperator>("truncate");

    extension(Tensor x)
    {
        /// <summary>The whole part.</summary>
        public Tensor Truncate()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(TruncateKernel, x);
            return Tape.Record("Truncate", y, x, (Saved)x, static (g, x, _) => null);
        }
    }

    private readonly struct TruncateOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Truncate(x);
    }
}
