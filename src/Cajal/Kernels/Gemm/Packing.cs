using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cajal.Kernels;

/// <summary>
/// Copies a strip of a matrix into the order the register tile reads it: target[p * width + i] = source[i * across + p * along].
/// </summary>
/// <remarks>For A, i is a row of the tile and p runs over k; for B, i is a column. Items from count to width are zero.</remarks>
internal static unsafe class Packing
{
    [MethodImpl(Kernel.Loop)]
    internal static void Pack<T>(T* target, int width, T* source, int count, nint across, int length, nint along)
        where T : unmanaged
    {
        if (count < width)
        {
            // Only the last strip of a matrix comes here, so a second pass over its zeros costs nothing that shows.
            for (int p = 0; p < length; p++) { new Span<T>(target + (nint)p * width + count, width - count).Clear(); }
        }
        if (across == 1)
        {
            CopyRows(target, width, source, count, length, along);
        }
        else if (along == 1)
        {
            Transpose(target, width, source, count, across, length);
        }
        else
        {
            Gather(target, width, source, 0, count, across, 0, length, along);
        }
    }

    /// <summary>target[p * width + i] = source[i * across + p], and nothing between the items.</summary>
    internal static void Transpose<T>(T* target, int width, T* source, int count, nint across, int length)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) { TransposeSingle((float*)target, width, (float*)source, count, across, length); }
        else { Gather(target, width, source, 0, count, across, 0, length, 1); }
    }

    [MethodImpl(Kernel.Loop)]
    private static void CopyRows<T>(T* target, int width, T* source, int count, int length, nint along)
        where T : unmanaged
    {
        int bytes = count * sizeof(T);
        for (int p = 0; p < length; p++)
        {
            byte* from = (byte*)(source + p * along), to = (byte*)(target + (nint)p * width);
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                for (; i <= bytes - 64; i += 64) { Vector512.Load(from + i).Store(to + i); }
            }
            if (Vector256.IsHardwareAccelerated)
            {
                for (; i <= bytes - 32; i += 32) { Vector256.Load(from + i).Store(to + i); }
            }
            for (; i <= bytes - 16; i += 16) { Vector128.Load(from + i).Store(to + i); }
            for (; i < bytes; i += sizeof(T)) { *(T*)(to + i) = *(T*)(from + i); }
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Gather<T>(T* target, int width, T* source, int first, int count, nint across, int start, int end, nint along)
        where T : unmanaged
    {
        for (int p = start; p < end; p++)
        {
            T* from = source + p * along, to = target + (nint)p * width;
            for (int i = first; i < count; i++) { to[i] = from[i * across]; }
        }
    }

    /// <summary>target[p * width + i] = source[i * across + p] for i below <paramref name="count"/> and p below <paramref name="length"/>.</summary>
    /// <remarks>Blocks of 8 x 4 and 4 x 4 are turned in registers; a plain loop is four times slower and shows in x W^T with a small batch.</remarks>
    [MethodImpl(Kernel.Loop)]
    private static void TransposeSingle(float* target, int width, float* source, int count, nint across, int length)
    {
        if (Transpose16.IsSupported && count >= Transpose16.Side && length >= Transpose16.Side)
        {
            Transpose16.Run(target, width, source, count, across, length);
            return;
        }
        int whole = Sse.IsSupported || AdvSimd.Arm64.IsSupported ? length & ~3 : 0;
        int i = 0;
        if (whole > 0)
        {
            if (Avx.IsSupported)
            {
                for (; i <= count - 8; i += 8)
                {
                    for (int p = 0; p < whole; p += 4)
                    {
                        Transpose8x4(source + i * across + p, across, target + (nint)p * width + i, width);
                    }
                }
            }
            for (; i <= count - 4; i += 4)
            {
                for (int p = 0; p < whole; p += 4)
                {
                    Transpose4x4(source + i * across + p, across, target + (nint)p * width + i, width);
                }
            }
        }
        Gather(target, width, source, i, count, across, 0, whole, 1);
        Gather(target, width, source, 0, count, across, whole, length, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x4(float* source, nint stride, float* target, nint width)
    {
        float* lower = source + 4 * stride;
        var a = Vector256.Create(Vector128.Load(source), Vector128.Load(lower));
        var b = Vector256.Create(Vector128.Load(source + stride), Vector128.Load(lower + stride));
        var c = Vector256.Create(Vector128.Load(source + 2 * stride), Vector128.Load(lower + 2 * stride));
        var d = Vector256.Create(Vector128.Load(source + 3 * stride), Vector128.Load(lower + 3 * stride));
        Vector256<double> ab0 = Avx.UnpackLow(a, b).AsDouble(), ab2 = Avx.UnpackHigh(a, b).AsDouble();
        Vector256<double> cd0 = Avx.UnpackLow(c, d).AsDouble(), cd2 = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(ab0, cd0).AsSingle().Store(target);
        Avx.UnpackHigh(ab0, cd0).AsSingle().Store(target + width);
        Avx.UnpackLow(ab2, cd2).AsSingle().Store(target + 2 * width);
        Avx.UnpackHigh(ab2, cd2).AsSingle().Store(target + 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x4(float* source, nint stride, float* target, nint width)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + stride);
        Vector128<float> c = Vector128.Load(source + 2 * stride), d = Vector128.Load(source + 3 * stride);
        Vector128<double> ab0 = Low(a, b).AsDouble(), ab2 = High(a, b).AsDouble();
        Vector128<double> cd0 = Low(c, d).AsDouble(), cd2 = High(c, d).AsDouble();
        Low(ab0, cd0).AsSingle().Store(target);
        High(ab0, cd0).AsSingle().Store(target + width);
        Low(ab2, cd2).AsSingle().Store(target + 2 * width);
        High(ab2, cd2).AsSingle().Store(target + 3 * width);
    }

    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y)
        => Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    private static Vector128<float> High(Vector128<float> x, Vector128<float> y)
        => Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);

    private static Vector128<double> Low(Vector128<double> x, Vector128<double> y)
        => Sse2.IsSupported ? Sse2.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    private static Vector128<double> High(Vector128<double> x, Vector128<double> y)
        => Sse2.IsSupported ? Sse2.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);
}
