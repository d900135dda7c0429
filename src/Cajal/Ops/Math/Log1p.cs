using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ln(1 + x); dy/dx = 1/(1 + x).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel Log1pKernel = new UnaryKernel<Log1pOperator>("log1p");

    extension(Tensor x)
    {
        /// <summary>ln(1 + x), accurate near 0.</summary>
        public Tensor Log1p()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(Log1pKernel, x);
            return Tape.Record("Log1p", y, x, (Saved)x, static (g, x, _) => g / (x.Value + 1));
        }
    }

    private readonly struct Log1pOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Log1p(x);
    }
}
