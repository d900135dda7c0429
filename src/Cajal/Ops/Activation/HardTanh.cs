using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = x limited to [min, max]; dy/dx = 1 strictly between the limits, else 0.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>x limited to [<paramref name="min"/>, <paramref name="max"/>]. No gradient at the limits themselves, unlike <c>Clamp</c>.</summary>
        public Tensor HardTanh(double min = -1, double max = 1)
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(new UnaryKernel<HardTanhOperator>("hardtanh", new(min, max)), x);
            return Tape.Record("HardTanh", y, x, (X: (Saved)x, Min: min, Max: max), static (g, saved, _) =>
                Gate(g, saved.X, new BinaryKernel<HardTanhGradient>("hardtanh_gradient", new(saved.Min, saved.Max))));
        }
    }

    private readonly struct HardTanhOperator(double min, double max) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            Simd.Clamp(x, Simd.Constant<T>(min), Simd.Constant<T>(max));
    }

    private readonly struct HardTanhGradient(double min, double max) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.Greater(x, Simd.Constant<T>(min)) & Simd.Less(x, Simd.Constant<T>(max)), g, Vector<T>.Zero);
    }
}
