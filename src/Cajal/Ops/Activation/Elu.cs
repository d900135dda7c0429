using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// y = scale · x for x > 0, scale · α (e^(x/τ) - 1) elsewhere; dy/dx = scale or scale · α/τ · e^(x/τ). One kernel serves ELU (scale 1, τ 1), SELU
/// (fixed scale and α) and CELU (α = τ).
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>x where positive, α(eˣ - 1) elsewhere (Clevert et al. 2016).</summary>
        public Tensor Elu(double alpha = 1) => ExponentialUnit("Elu", x, 1, alpha, 1);

        /// <summary>The self-normalising exponential unit (Klambauer et al. 2017).</summary>
        public Tensor Selu() => ExponentialUnit("Selu", x, 1.0507009873554805, 1.6732632423543772, 1);

        /// <summary>x where positive, α(e^(x/α) - 1) elsewhere: smooth for every α (Barron 2017).</summary>
        public Tensor Celu(double alpha = 1) => ExponentialUnit("Celu", x, 1, alpha, alpha);
    }

    private static Tensor ExponentialUnit(string op, Tensor x, double scale, double alpha, double tau)
    {
        x = x.AsFloating();
        var y = Backend.Of(x).Unary(new UnaryKernel<ExponentialUnitOperator>("exponential_unit", new(scale, scale * alpha, 1 / tau)), x);
        return Tape.Record(op, y, x, (X: (Saved)x, Scale: scale, Below: scale * alpha / tau, Rate: 1 / tau), static (g, saved, _) =>
        {
            if (!GradMode.IsEnabled) return OnePass(new BinaryKernel<ExponentialUnitGradient>("exponential_unit_gradient", new(saved.Scale, saved.Below, saved.Rate)), g, saved.X);
            Tensor x = saved.X;
            var positive = x > 0;
            // The positive part is cut off before the exponential, where it would overflow and spoil the masked branch.
            return g * Tensor.Where(positive, saved.Scale, (Tensor.Where(positive, 0, x) * saved.Rate).Exp() * saved.Below);
        });
    }

    private readonly struct ExponentialUnitOperator(double scale, double depth, double rate) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            Simd.Select(Simd.Greater(x, Vector<T>.Zero), x * Simd.Constant<T>(scale), Simd.Expm1(x * Simd.Constant<T>(rate)) * Simd.Constant<T>(depth));
    }

    private readonly struct ExponentialUnitGradient(double scale, double below, double rate) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged =>
            g * Simd.Select(Simd.Greater(x, Vector<T>.Zero), Simd.Constant<T>(scale), Simd.Exp(x * Simd.Constant<T>(rate)) * Simd.Constant<T>(below));
    }
}
