using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = ln(1 + e^(βx))/β, without overflow, and exactly x where βx exceeds the threshold; dy/dx = σ(βx), or 1 there.</content>
public static partial class TensorOps
{
    private static readonly UnaryKernel SoftplusKernel = new UnaryKernel<SoftplusOperator>("softplus");
    private static readonly BinaryKernel SoftplusGradientKernel = new BinaryKernel<SoftplusGradient>("softplus_gradient");

    extension(Tensor x)
    {
        /// <summary>ln(1 + eˣ): a smooth rectifier that tends to x (Dugas et al. 2001).</summary>
        public Tensor Softplus()
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SoftplusKernel, x);
            return Tape.Record("Softplus", y, x, (Saved)x, static (g, x, _) => GradMode.IsEnabled ? g * x.Value.Sigmoid() : OnePass(SoftplusGradientKernel, g, x));
        }

        /// <summary>ln(1 + e^(βx))/β: the larger β, the sharper the bend.</summary>
        /// <param name="beta">The sharpness β.</param>
        /// <param name="threshold">Where βx exceeds it, the result is x itself.</param>
        public Tensor Softplus(double beta, double threshold = 20)
        {
            x = x.AsFloating();
            var smooth = (x * beta).Softplus() / beta;
            return Tensor.Where(x * beta > threshold, x, smooth);
        }
    }

    private readonly struct SoftplusOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Softplus(x);
    }

    private readonly struct SoftplusGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * Simd.Sigmoid(x);
    }
}
