using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = cos x; dy/dx = -sin x.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel CosKernel = new UnaryKernel<CosOperator>("cos");

    extension(Tensor x)
    {
        /// <summary>The cosine of an angle in radians.</summary>
        public Tensor Cos()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(CosKernel, x);
            return Tape.Record("Cos", y, x, (Saved)x, static (g, x, _) => -(g * x.Value.Sin()));
        }
    }

    private readonly struct CosOperator : IUnaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Cos(x);
    }
}
