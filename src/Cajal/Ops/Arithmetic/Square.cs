using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x²; dy/dx = 2x.</content>
public static partial class TensorOps
{
    internal static readonly UnaryKernel SquareKernel = new UnaryKernel<SquareOperator>("square");

    extension(Tensor x)
    {
        /// <summary>x², element by element.</summary>
        public Tensor Square() =>
            Tape.Record("Square", Backend.Of(x).Unary(SquareKernel, x), x, (Saved)x, static (g, saved, _) => g * (saved.Value * 2));
    }

    private readonly struct SquareOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => x * x;
    }
}
