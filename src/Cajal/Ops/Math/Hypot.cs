using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>z = √(x² + y²), without overflow; dz/dx = x/z, dz/dy = y/z.</content>
public static partial class TensorOps
{
    private static readonly BinaryKernel HypotKernel = new BinaryKernel<HypotOperator>("hypot");

    extension(Tensor)
    {
        /// <summary>The length of the vectors (x, y), without overflow.</summary>
        public static Tensor Hypot(Tensor x, Tensor y)
        {
            Promote(ref x, ref y);
            x = x.AsFloating();
            y = y.AsFloating();
            var z = Backend.Of(x).Binary(HypotKernel, x, y, "Hypot");
            return Tape.Record("Hypot", z, x, y, (X: (Saved)x, Y: (Saved)y, Z: (Saved)z), static (g, saved, needs) =>
            {
                var scaled = g / saved.Z.Value;
                return (needs[0] ? scaled * saved.X.Value : null, needs[1] ? scaled * saved.Y.Value : null);
            });
        }
    }

    private readonly struct HypotOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged
        {
            Vector<T> a = Simd.Abs(x), b = Simd.Abs(y), high = Simd.Max(a, b), ratio = Simd.Min(a, b) / high;
            var length = high * Simd.Sqrt(ratio * ratio + Vector<T>.One);
            // 0/0 and ∞/∞ have no ratio; there the longer side is the length.
            return Simd.Select(Simd.Equal(high, Vector<T>.Zero) | Simd.Equal(high, Simd.Constant<T>(double.PositiveInfinity)), high, length);
        }
    }
}
