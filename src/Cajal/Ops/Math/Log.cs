using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ln x; dy/dx = 1/x.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel LogKernel = new UnaryKernel<LogOperator>("log");

    extension(Tensor x)
    {
        /// <summary>The natural logarithm; -∞ at 0, NaN below.</summary>
        public Tensor Log()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(LogKernel, x);
            return Tape.Record("Log", y, x, (Saved)x, static (g, x, _) => g / x.Value);
        }
    }

    private readonly struct LogOperator : IUnaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Log(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged => Simd512.Log(x);
    }
}
