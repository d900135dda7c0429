using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = Φ(x); dy/dx = exp(-x²/2)/√(2π).</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel NormalCdfKernel = new UnaryKernel<NormalCdfOperator>("normalcdf");
    private static readonly BinaryKernel NormalCdfGradientKernel = new BinaryKernel<NormalCdfGradient>("normalcdf_gradient");

    extension(Tensor x)
    {
        /// <summary>The probability that a standard normal variable is below the element.</summary>
        public Tensor NormalCdf()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(NormalCdfKernel, x);
            return Tape.Record("NormalCdf", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * ((x.Value.Square() * -0.5).Exp() * (1 / Math.Sqrt(2 * Math.PI))) : OnePass(NormalCdfGradientKernel, g, x));
        }
    }

    private readonly struct NormalCdfOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.NormalCdf(x);
    }

    private readonly struct NormalCdfGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * NormalDensity(x);
    }
}
