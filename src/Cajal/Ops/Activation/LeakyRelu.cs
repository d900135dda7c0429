using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x for x > 0, slope · x elsewhere; dy/dx = 1 or slope (slope at 0).</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>x where positive, <paramref name="slope"/> · x elsewhere (Maas et al. 2013).</summary>
        public Tensor LeakyRelu(double slope = 0.01)
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(new UnaryKernel<LeakyReluOperator>("leakyrelu", new(slope)), x);
            return Tape.Record("LeakyRelu", y, x, (X: (Saved)x, Slope: slope), static (g, saved, _) =>
                Gate(g, saved.X, new BinaryKernel<LeakyReluGradient>("leakyrelu_gradient", new(saved.Slope))));
        }
    }

    private readonly struct LeakyReluOperator(double slope) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.Greater(x, Vector<T>.Zero), x, x * Simd.Constant<T>(slope));
    }

    private readonly struct LeakyReluGradient(double slope) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.Greater(x, Vector<T>.Zero), g, g * Simd.Constant<T>(slope));
    }
}
