using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x for x > threshold, else a constant; dy/dx = 1 or 0.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>x where it exceeds <paramref name="threshold"/>, else <paramref name="value"/>.</summary>
        public Tensor Threshold(double threshold, double value = 0)
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(new UnaryKernel<ThresholdOperator>("threshold", new(threshold, value)), x);
            return Tape.Record("Threshold", y, x, (X: (Saved)x, Threshold: threshold, Value: value), static (g, saved, _) =>
                Gate(g, saved.X, new BinaryKernel<ThresholdGradient>("threshold_gradient", new(saved.Threshold))));
        }
    }

    private readonly struct ThresholdOperator(double threshold, double value) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.LessOrEqual(x, Simd.Constant<T>(threshold)), Simd.Constant<T>(value), x);
    }

    private readonly struct ThresholdGradient(double threshold) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.LessOrEqual(x, Simd.Constant<T>(threshold)), Vector<T>.Zero, g);
    }
}
