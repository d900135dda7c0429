using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>z = xʸ; dz/dx = y xʸ⁻¹, dz/dy = xʸ ln x.</content>
public static partial class TensorOps
{
    private static readonly BinaryKernel PowKernel = new BinaryKernel<PowOperator>("pow");

    extension(Tensor x)
    {
        /// <summary>x to a fixed power; signs and edges as <see cref="Math.Pow"/>.</summary>
        public Tensor Pow(double exponent)
        {
            x = x.AsFloating();
            // Products are several times faster than the general function, and as exact.
            if (exponent == 1) return x.Clone();
            if (exponent == 2) return x.Square();
            if (exponent == 3) return x * x.Square();
            if (exponent == -1) return x.Reciprocal();
            var z = Backend.Of(x).Binary(PowKernel, x, ScalarLike(x, exponent), "Pow");
            return Tape.Record("Pow", z, x, (X: (Saved)x, Exponent: exponent), static (g, saved, _) =>
                saved.Exponent == 0 ? null : g * (saved.X.Value.Pow(saved.Exponent - 1) * saved.Exponent));
        }

        /// <summary>x to the power of y, element by element, with broadcasting.</summary>
        public Tensor Pow(Tensor y)
        {
            Promote(ref x, ref y);
            x = x.AsFloating();
            y = y.AsFloating();
            var z = Backend.Of(x).Binary(PowKernel, x, y, "Pow");
            return Tape.Record("Pow", z, x, y, (X: (Saved)x, Y: (Saved)y, Z: (Saved)z), static (g, saved, needs) =>
            {
                Tensor left = saved.X, right = saved.Y;
                // 0 to a positive power does not change with the exponent: its logarithm must not turn the product into NaN.
                return (needs[0] ? g * Tensor.Where(right.EqualTo(0), 0, right * left.Pow(right - 1)) : null,
                    needs[1] ? g * (saved.Z.Value * Tensor.Where(left.EqualTo(0) & (right >= 0), 1, left).Log()) : null);
            });
        }
    }

    extension(Tensor)
    {
        /// <summary>A number to the power of every element.</summary>
        public static Tensor Pow(double x, Tensor y)
        {
            y = y.AsFloating();
            return ScalarLike(y, x).Pow(y);
        }
    }

    private readonly struct PowOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => Simd.Pow(x, y);
    }
}
