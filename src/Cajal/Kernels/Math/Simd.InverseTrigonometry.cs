using System.Numerics;
using System.Runtime.CompilerServices;
using static System.Numerics.Vector;

namespace Cajal.Kernels;

internal static partial class Simd
{
    // What rounding to the working precision takes from pi/2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> HalfPiLow<T>() where T : unmanaged => Constant<T>(-4.371139e-08f, 6.123233995736766e-17);

    /// <summary>arcsin x, by arcsin √((1 − a)/2) above ½; NaN outside [−1, 1]. Error below 1.8 ULP (float), 2 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Asin<T>(Vector<T> x) where T : unmanaged
    {
        var p = AsinReduced(x, out var tail, out var outer);
        var far = Constant<T>(Math.PI / 2) - ((p + p) + ((tail + tail) - HalfPiLow<T>()));
        return CopySign(Select(outer, far, p + tail), x);
    }

    /// <summary>arccos x; NaN outside [−1, 1]. Error below 1.3 ULP (float), 1 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Acos<T>(Vector<T> x) where T : unmanaged
    {
        var p = AsinReduced(x, out var tail, out var outer);
        var inner = Constant<T>(Math.PI / 2) - (CopySign(p, x) + (CopySign(tail, x) - HalfPiLow<T>()));
        var right = (p + tail) + (p + tail);
        var left = Constant<T>(Math.PI) - ((p + p) + ((tail + tail) - Constant<T>(2) * HalfPiLow<T>()));
        return Select(outer, Select(Less(x, Vector<T>.Zero), left, right), inner);
    }

    /// <summary>arctan x. Error below 1.6 ULP (float), 2 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Atan<T>(Vector<T> x) where T : unmanaged
    {
        var a = Abs(x);
        var one = Constant<T>(1);
        var outer = Greater(a, one);
        var p = AtanKernel(Select(outer, one / a, a));
        return CopySign(Select(outer, Constant<T>(Math.PI / 2) - (p - HalfPiLow<T>()), p), x);
    }

    /// <summary>
    /// The angle of the point (x, y), with the signed zeros and infinities of <see cref="Math.Atan2"/>.
    /// Error below 1.7 ULP (float), 2 (double).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Atan2<T>(Vector<T> y, Vector<T> x) where T : unmanaged
    {
        var one = Constant<T>(1);
        var ax = Abs(x);
        var ay = Abs(y);
        var smaller = Min(ax, ay);
        var larger = Max(ax, ay);
        var t = Select(Equal(smaller, larger), Select(Equal(larger, Vector<T>.Zero), Vector<T>.Zero, one), smaller / larger);
        var p = AtanKernel(t);
        p = Select(Greater(ay, ax), Constant<T>(Math.PI / 2) - (p - HalfPiLow<T>()), p);
        var left = Less(CopySign(one, x), Vector<T>.Zero);
        p = Select(left, Constant<T>(Math.PI) - (p - Constant<T>(2) * HalfPiLow<T>()), p);
        return CopySign(p, y);
    }

    /// <summary>arcsin of a (or of √((1 − a)/2) where a > ½) as the sum of the argument and a smaller tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> AsinReduced<T>(Vector<T> x, out Vector<T> tail, out Vector<T> outer) where T : unmanaged
    {
        var a = Abs(x);
        var half = Constant<T>(0.5);
        outer = Greater(a, half);
        var z = Select(outer, (Constant<T>(1) - a) * half, a * a);
        var s = Select(outer, SquareRoot(z), a);
        var p = typeof(T) == typeof(float)
            ? AsinPolynomial(z.As<T, float>()).As<float, T>()
            : AsinPolynomial(z.As<T, double>()).As<double, T>();
        tail = s * z * p;
        return s;
    }

    /// <summary>arctan t for t in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> AtanKernel<T>(Vector<T> t) where T : unmanaged
    {
        var z = t * t;
        var p = typeof(T) == typeof(float)
            ? AtanPolynomial(z.As<T, float>()).As<float, T>()
            : AtanPolynomial(z.As<T, double>()).As<double, T>();
        return MultiplyAdd(t * z, p, t);
    }

    // (arcsin(s) / s - 1) / z in z = s^2 for s <= 1/2: relative error of arcsin 1.8e-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> AsinPolynomial(Vector<float> z)
    {
        var p = Create(0.038085025f);
        p = MultiplyAddEstimate(p, z, Create(0.026554542f));
        p = MultiplyAddEstimate(p, z, Create(0.04500138f));
        p = MultiplyAddEstimate(p, z, Create(0.07498855f));
        return MultiplyAddEstimate(p, z, Create(0.16666673f));
    }

    // The same for double: relative error of arcsin 6e-17.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> AsinPolynomial(Vector<double> z)
    {
        var p = Create(0.028169218060881414);
        p = MultiplyAddEstimate(p, z, Create(-0.010749050339697808));
        p = MultiplyAddEstimate(p, z, Create(0.01603551434914882));
        p = MultiplyAddEstimate(p, z, Create(0.0078029494773533175));
        p = MultiplyAddEstimate(p, z, Create(0.011875494382636922));
        p = MultiplyAddEstimate(p, z, Create(0.013929652902326633));
        p = MultiplyAddEstimate(p, z, Create(0.017355259955786323));
        p = MultiplyAddEstimate(p, z, Create(0.02237204763174451));
        p = MultiplyAddEstimate(p, z, Create(0.03038194736709848));
        p = MultiplyAddEstimate(p, z, Create(0.044642857103423646));
        p = MultiplyAddEstimate(p, z, Create(0.07500000000020764));
        return MultiplyAddEstimate(p, z, Create(0.1666666666666665));
    }

    // (arctan(t) / t - 1) / z in z = t^2 for t <= 1: relative error of arctan 2e-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> AtanPolynomial(Vector<float> z)
    {
        var p = Create(-0.0023869972f);
        p = MultiplyAddEstimate(p, z, Create(0.013507771f));
        p = MultiplyAddEstimate(p, z, Create(-0.03587154f));
        p = MultiplyAddEstimate(p, z, Create(0.06250169f));
        p = MultiplyAddEstimate(p, z, Create(-0.0865688f));
        p = MultiplyAddEstimate(p, z, Create(0.110337645f));
        p = MultiplyAddEstimate(p, z, Create(-0.14278568f));
        p = MultiplyAddEstimate(p, z, Create(0.1999974f));
        return MultiplyAddEstimate(p, z, Create(-0.3333333f));
    }

    // The same for double: relative error of arctan 4e-17.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> AtanPolynomial(Vector<double> z)
    {
        var p = Create(1.806195461861215e-05);
        p = MultiplyAddEstimate(p, z, Create(-0.00019996189377901382));
        p = MultiplyAddEstimate(p, z, Create(0.0010496035084968515));
        p = MultiplyAddEstimate(p, z, Create(-0.0034958859739163094));
        p = MultiplyAddEstimate(p, z, Create(0.008368931178450162));
        p = MultiplyAddEstimate(p, z, Create(-0.015535152475414177));
        p = MultiplyAddEstimate(p, z, Create(0.023696731580048622));
        p = MultiplyAddEstimate(p, z, Create(-0.031277189066996385));
        p = MultiplyAddEstimate(p, z, Create(0.03749486812535247));
        p = MultiplyAddEstimate(p, z, Create(-0.04260356632601652));
        p = MultiplyAddEstimate(p, z, Create(0.04737749579527779));
        p = MultiplyAddEstimate(p, z, Create(-0.052579733342841106));
        p = MultiplyAddEstimate(p, z, Create(0.05881506877793656));
        p = MultiplyAddEstimate(p, z, Create(-0.06666564699289104));
        p = MultiplyAddEstimate(p, z, Create(0.07692298971033217));
        p = MultiplyAddEstimate(p, z, Create(-0.09090908590891934));
        p = MultiplyAddEstimate(p, z, Create(0.11111111093490827));
        p = MultiplyAddEstimate(p, z, Create(-0.14285714285384132));
        p = MultiplyAddEstimate(p, z, Create(0.1999999999999753));
        return MultiplyAddEstimate(p, z, Create(-0.3333333333333333));
    }
}
