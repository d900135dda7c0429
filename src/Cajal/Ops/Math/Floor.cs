using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ⌊x⌋; the derivative is 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel FloorKernel = new UnaryKernel<FloorOperator>("floor");

    extension(Tensor x)
    {
        /// <summary>The largest whole number not above the element.</summary>
        public Tensor Floor()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(FloorKernel, x);
            return Tape.Record("Floor", y, x, (Saved)x, static (g, x, _) => null);
        }
    }

    private readonly struct FloorOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Floor(x);
    }
}
