using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cajal.Kernels;

internal static partial class Simd
{
    /// <summary>x 2^n for whole n, rounded once, with gradual underflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Scale<T>(Vector<T> x, Vector<T> n) where T : unmanaged
    {
        if (Avx512F.VL.IsSupported && Vector<byte>.Count == Vector256<byte>.Count)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.VL.Scale(x.As<T, float>().AsVector256(), n.As<T, float>().AsVector256()).AsVector().As<float, T>()
                : Avx512F.VL.Scale(x.As<T, double>().AsVector256(), n.As<T, double>().AsVector256()).AsVector().As<double, T>();
        }
        // 2^n alone may leave the normal range, so it is applied as two factors; only the second rounds.
        var half = MultiplyAdd(n, Constant<T>(0.5), RoundingMagic<T>()) - RoundingMagic<T>();
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }
}

internal static partial class Simd512
{
    /// <summary>x 2^n for whole n, rounded once, with gradual underflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> Scale<T>(Vector512<T> x, Vector512<T> n) where T : unmanaged => typeof(T) == typeof(float)
        ? Avx512F.Scale(x.AsSingle(), n.AsSingle()).As<float, T>()
        : Avx512F.Scale(x.AsDouble(), n.AsDouble()).As<double, T>();
}
