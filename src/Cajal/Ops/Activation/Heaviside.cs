using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// Steps. Their derivative is 0 almost everywhere, so a network of steps learns through a surrogate: the derivative of a smooth function in
/// place of the step's own (see <see cref="Surrogate"/>).
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>1 where x is positive, 0 where it is negative, <paramref name="atZero"/> between.</summary>
        /// <param name="atZero">The value at 0.</param>
        /// <param name="surrogate">What to use as the derivative; none when not given.</param>
        public Tensor Heaviside(double atZero = 0, Surrogate? surrogate = null)
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(new UnaryKernel<HeavisideOperator>("heaviside", new(atZero)), x);
            return Tape.Record("Heaviside", y, x, (X: (Saved)x, Surrogate: surrogate ?? Surrogate.None, AtZero: atZero), static (g, saved, _) =>
                saved.Surrogate.Kind == SurrogateKind.None ? null : g * saved.Surrogate.Slope(saved.X));
        }

        /// <summary>-1, 0 or 1 by the sign of the element; NaN stays.</summary>
        /// <param name="surrogate">What to use as the derivative, twice that of the step from 0 to 1 (straight-through excepted); none when not given.</param>
        public Tensor Sign(Surrogate? surrogate = null)
        {
            x = x.AsFloating();
            var y = Backend.Of(x).Unary(SignKernel, x);
            return Tape.Record("Sign", y, x, (X: (Saved)x, Surrogate: surrogate ?? Surrogate.None), static (g, saved, _) => saved.Surrogate.Kind switch
            {
                SurrogateKind.None => null,
                SurrogateKind.StraightThrough => g,
                _ => g * (saved.Surrogate.Slope(saved.X) * 2),
            });
        }
    }

    private static readonly UnaryKernel SignKernel = new UnaryKernel<SignOperator>("sign");

    private readonly struct HeavisideOperator(double atZero) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged
        {
            var sided = Simd.Select(Simd.Greater(x, Vector<T>.Zero), Vector<T>.One, Simd.Select(Simd.IsNaN(x), x, Vector<T>.Zero));
            return Simd.Select(Simd.Equal(x, Vector<T>.Zero), Simd.Constant<T>(atZero), sided);
        }
    }

    private readonly struct SignOperator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => Simd.Sign(x);
    }
}
