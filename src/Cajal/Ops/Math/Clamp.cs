using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x limited to [min, max]; dy/dx = 1 within (limits included), 0 outside.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The element, limited to [<paramref name="min"/>, <paramref name="max"/>]; NaN stays. An infinite limit limits nothing.</summary>
        public Tensor Clamp(double min, double max)
        {
            if (min > max) throw new ArgumentException($"Clamp: min ({min}) must not be above max ({max}).");
            if (!x.DType.IsFloating && min == Math.Floor(min) && max == Math.Floor(max) && double.IsFinite(min) && double.IsFinite(max))
            {
                return Tensor.Maximum(Tensor.Minimum(x, ScalarFor(ref x, max)), ScalarFor(ref x, min));
            }
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(new UnaryKernel<ClampOperator>("clamp", new(min, max)), x);
            return Tape.Record("Clamp", y, x, (X: (Saved)x, Min: min, Max: max), static (g, saved, _) =>
                Gate(g, saved.X, new BinaryKernel<ClampGradient>("clamp_gradient", new(saved.Min, saved.Max))));
        }
    }

    private readonly struct ClampOperator(double min, double max) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Clamp(x, Simd.Constant<T>(min), Simd.Constant<T>(max));
    }

    private readonly struct ClampGradient(double min, double max) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.GreaterOrEqual(x, Simd.Constant<T>(min)) & Simd.LessOrEqual(x, Simd.Constant<T>(max)), g, Vector<T>.Zero);
    }
}
