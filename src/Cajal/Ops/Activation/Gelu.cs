using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <summary>How <c>Gelu</c> is computed.</summary>
public enum GeluApproximation
{
    /// <summary>x Φ(x), with the exact normal distribution.</summary>
    None,

    /// <summary>x σ(2u), u = √(2/π)(x + 0.044715 x³): what GPT-2 used; off by up to 5e-4.</summary>
    Tanh,
}

/// <content>
/// Exact: y = x Φ(x); dy/dx = Φ(x) + x φ(x). Approximate: y = x σ(v), v = 2√(2/π)(x + 0.044715 x³), which is x/2 (1 + tanh(v/2));
/// dy/dx = σ + x σ(1 - σ) v'.
/// </content>
public static partial class TensorOps
{
    private const double GeluCubic = 0.044715, GeluRate = 1.5957691216057308; // 2√(2/π)

    private static readonly UnaryKernel GeluKernel = new UnaryKernel<GeluOperator>("gelu");
    private static readonly BinaryKernel GeluGradientKernel = new BinaryKernel<GeluGradient>("gelu_gradient");
    private static readonly UnaryKernel GeluTanhKernel = new UnaryKernel<GeluTanhOperator>("gelu_tanh");
    private static readonly BinaryKernel GeluTanhGradientKernel = new BinaryKernel<GeluTanhGradient>("gelu_tanh_gradient");

    extension(Tensor x)
    {
        /// <summary>The Gaussian error linear unit (Hendrycks and Gimpel 2016).</summary>
        public Tensor Gelu(GeluApproximation approximation = GeluApproximation.None)
        {
            x = x.AsFloating();
            if (approximation == GeluApproximation.None)
            {
                return Tape.Record("Gelu", Backend.Of(x).Unary(GeluKernel, x), x, (Saved)x, static (g, x, _) =>
                    GradMode.IsEnabled ? GeluSlope(g, x) : OnePass(GeluGradientKernel, g, x));
            }
            return Tape.Record("GeluTanh", Backend.Of(x).Unary(GeluTanhKernel, x), x, (Saved)x, static (g, x, _) =>
                GradMode.IsEnabled ? GeluTanhSlope(g, x) : OnePass(GeluTanhGradientKernel, g, x));
        }
    }

    private static Tensor GeluSlope(Tensor g, Tensor x) =>
        g * (x.NormalCdf() + x * ((x.Square() * -0.5).Exp() * (1 / Math.Sqrt(2 * Math.PI))));

    private static Tensor GeluTanhSlope(Tensor g, Tensor x)
    {
        var square = x.Square();
        var s = (x * (square * GeluCubic + 1) * GeluRate).Sigmoid();
        return g * (s + x * s * (1 - s) * ((square * (3 * GeluCubic) + 1) * GeluRate));
    }

    private readonly struct GeluOperator : IUnaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => x * Simd.NormalCdf(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged =>
            typeof(T) == typeof(float) ? Simd512.Gelu(x.AsSingle()).As<float, T>() : x * Simd512.NormalCdf(x);
    }

    private readonly struct GeluGradient : IBinaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged => g * (Simd.NormalCdf(x) + x * NormalDensity(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> g, Vector512<T> x) where T : unmanaged
        {
            if (typeof(T) == typeof(float)) return g * Simd512.GeluSlope(x.AsSingle()).As<float, T>();
            var density = Simd512.Exp(x * x * Simd512.Constant<T>(-0.5)) * Simd512.Constant<T>(1 / Math.Sqrt(2 * Math.PI));
            return g * (Simd512.NormalCdf(x) + x * density);
        }
    }

    private readonly struct GeluTanhOperator : IUnaryOperator
    {
        public static bool IsHeavy => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged =>
            x * Simd.Sigmoid(x * (x * x * Simd.Constant<T>(GeluCubic) + Vector<T>.One) * Simd.Constant<T>(GeluRate));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged =>
            x * Simd512.Sigmoid(x * (x * x * Simd512.Constant<T>(GeluCubic) + Vector512<T>.One) * Simd512.Constant<T>(GeluRate));
    }

    private readonly struct GeluTanhGradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x) where T : unmanaged
        {
            var square = x * x;
            var s = Simd.Sigmoid(x * (square * Simd.Constant<T>(GeluCubic) + Vector<T>.One) * Simd.Constant<T>(GeluRate));
            var slope = (square * Simd.Constant<T>(3 * GeluCubic) + Vector<T>.One) * Simd.Constant<T>(GeluRate);
            return g * (s + x * s * (Vector<T>.One - s) * slope);
        }
    }
}
