using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ⌈x⌉; the derivative is 0.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel CeilingKernel = new UnaryKernel<CeilingOperator>("ceiling");

    extension(Tensor x)
    {
        /// <summary>The smallest whole number not below the element.</summary>
        public Tensor Ceiling()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(CeilingKernel, x);
            return Tape.Record("Ceiling", y, x, (Saved)x, static (g, x, _) => null);
        }
    }

    private readonly struct CeilingOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Ceiling(x);
    }
}
