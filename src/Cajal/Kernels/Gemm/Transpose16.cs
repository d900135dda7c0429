using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cajal.Kernels;

/// <summary>Turns 16 x 16 floats in the registers of AVX-512: a quarter of a cycle for each, three times faster than turning 8 x 4 in AVX's.</summary>
internal static unsafe class Transpose16
{
    internal const int Side = 16;

    internal static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <summary>target[p * width + i] = source[i * across + p] for all i below <paramref name="count"/> and p below <paramref name="length"/>, both at least 16.</summary>
    /// <remarks>The last blocks overlap those before them, so elements may be written twice, with the same value.</remarks>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(float* target, nint width, float* source, int count, nint across, int length)
    {
        for (int i = 0; ; i = Math.Min(i + Side, count - Side))
        {
            for (int p = 0; ; p = Math.Min(p + Side, length - Side))
            {
                Block(source + i * across + p, across, target + p * width + i, width);
                if (p == length - Side) break;
            }
            if (i == count - Side) break;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Block(float* source, nint across, float* target, nint width)
    {
        Quads(source, across, out var a0, out var a1, out var a2, out var a3);
        Quads(source + 4 * across, across, out var b0, out var b1, out var b2, out var b3);
        Quads(source + 8 * across, across, out var c0, out var c1, out var c2, out var c3);
        Quads(source + 12 * across, across, out var d0, out var d1, out var d2, out var d3);
        Store(a0, b0, c0, d0, target, width);
        Store(a1, b1, c1, d1, target + width, width);
        Store(a2, b2, c2, d2, target + 2 * width, width);
        Store(a3, b3, c3, d3, target + 3 * width, width);
    }

    /// <summary>Four lines: quarter q of the result j holds their elements 4 q + j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(float* source, nint across, out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3)
    {
        Vector512<float> a = Vector512.Load(source), b = Vector512.Load(source + across), c = Vector512.Load(source + 2 * across), d = Vector512.Load(source + 3 * across);
        Vector512<double> ab0 = Avx512F.UnpackLow(a, b).AsDouble(), ab2 = Avx512F.UnpackHigh(a, b).AsDouble();
        Vector512<double> cd0 = Avx512F.UnpackLow(c, d).AsDouble(), cd2 = Avx512F.UnpackHigh(c, d).AsDouble();
        q0 = Avx512F.UnpackLow(ab0, cd0).AsSingle();
        q1 = Avx512F.UnpackHigh(ab0, cd0).AsSingle();
        q2 = Avx512F.UnpackLow(ab2, cd2).AsSingle();
        q3 = Avx512F.UnpackHigh(ab2, cd2).AsSingle();
    }

    /// <summary>The four quarters of each are turned like a matrix of 4 x 4: result line 4 q is made of their quarters q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, nint width)
    {
        const byte Even = 0x88, Odd = 0xDD;
        Vector512<float> ab0 = Avx512F.Shuffle4x128(a, b, Even), ab1 = Avx512F.Shuffle4x128(a, b, Odd);
        Vector512<float> cd0 = Avx512F.Shuffle4x128(c, d, Even), cd1 = Avx512F.Shuffle4x128(c, d, Odd);
        Avx512F.Shuffle4x128(ab0, cd0, Even).Store(target);
        Avx512F.Shuffle4x128(ab1, cd1, Even).Store(target + 4 * width);
        Avx512F.Shuffle4x128(ab0, cd0, Odd).Store(target + 8 * width);
        Avx512F.Shuffle4x128(ab1, cd1, Odd).Store(target + 12 * width);
    }
}
