using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cajal.Kernels;

/// <summary>Transposes matrices that do not fit the nearest cache: whole lines are read and written, many at a time, so that their delays overlap.</summary>
internal static unsafe class Turning
{
    /// <summary>target[c * targetPitch + r] = source[r * sourcePitch + c] for so many rows and columns of the source.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run<T>(T* target, int targetPitch, T* source, nint sourcePitch, int rows, int columns)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float) || !Avx512F.IsSupported || rows < 16 || columns < 16)
        {
            Packing.Transpose(target, targetPitch, source, rows, sourcePitch, columns);
            return;
        }
        // The last block overlaps the one before.
        for (int r = 0; r < rows; r += 16)
        {
            int atRow = Math.Min(r, rows - 16);
            for (int c = 0; c < columns; c += 16)
            {
                int atColumn = Math.Min(c, columns - 16);
                Block((float*)target + (nint)atColumn * targetPitch + atRow, targetPitch, (float*)source + atRow * sourcePitch + atColumn, sourcePitch);
            }
        }
    }

    [MethodImpl(Kernel.Loop)]
    static void Block(float* target, nint targetPitch, float* source, nint sourcePitch)
    {
        Four(source, sourcePitch, out var a0, out var a1, out var a2, out var a3);
        Four(source + 4 * sourcePitch, sourcePitch, out var b0, out var b1, out var b2, out var b3);
        Four(source + 8 * sourcePitch, sourcePitch, out var c0, out var c1, out var c2, out var c3);
        Four(source + 12 * sourcePitch, sourcePitch, out var d0, out var d1, out var d2, out var d3);
        Store(target, 4 * targetPitch, a0, b0, c0, d0);
        Store(target + targetPitch, 4 * targetPitch, a1, b1, c1, d1);
        Store(target + 2 * targetPitch, 4 * targetPitch, a2, b2, c2, d2);
        Store(target + 3 * targetPitch, 4 * targetPitch, a3, b3, c3, d3);
    }

    /// <summary>Of four rows: columns k, k + 4, k + 8 and k + 12, one after another in each vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(float* source, nint pitch, out Vector512<double> k0, out Vector512<double> k1, out Vector512<double> k2, out Vector512<double> k3)
    {
        Vector512<float> a = Vector512.Load(source), b = Vector512.Load(source + pitch), c = Vector512.Load(source + 2 * pitch), d = Vector512.Load(source + 3 * pitch);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
        (k0, k1) = (Avx512F.UnpackLow(ab, cd), Avx512F.UnpackHigh(ab, cd));
        (ab, cd) = (Avx512F.UnpackHigh(a, b).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
        (k2, k3) = (Avx512F.UnpackLow(ab, cd), Avx512F.UnpackHigh(ab, cd));
    }

    /// <summary>Quarters of the same number belong to the same column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* target, nint pitch, Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d)
    {
        Vector512<double> ab = Avx512F.Shuffle4x128(a, b, 0x44), cd = Avx512F.Shuffle4x128(c, d, 0x44);
        Avx512F.Shuffle4x128(ab, cd, 0x88).AsSingle().Store(target);
        Avx512F.Shuffle4x128(ab, cd, 0xDD).AsSingle().Store(target + pitch);
        (ab, cd) = (Avx512F.Shuffle4x128(a, b, 0xEE), Avx512F.Shuffle4x128(c, d, 0xEE));
        Avx512F.Shuffle4x128(ab, cd, 0x88).AsSingle().Store(target + 2 * pitch);
        Avx512F.Shuffle4x128(ab, cd, 0xDD).AsSingle().Store(target + 3 * pitch);
    }
}
