using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

internal static partial class Simd
{
    /// <summary>
    /// 1 / (1 + e^−x), computed from e^−|x| so that neither tail overflows or loses its relative accuracy.
    /// Error below 2.3 ULP (float), 2 (double).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x) where T : unmanaged
    {
        var e = Exp(-Abs(x));
        var one = Constant<T>(1);
        return Select(Less(x, Vector<T>.Zero), e, one) / (one + e);
    }

    /// <summary>
    /// log(1 + e^x) = max(x, 0) + log1p(e^−|x|): neither overflows nor cancels. Error below 1.6 ULP (float), 3 (double).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Softplus<T>(Vector<T> x) where T : unmanaged =>
        Vector.MaxNative(Vector<T>.Zero, x) + Log1p(Exp(-Abs(x)));
}
