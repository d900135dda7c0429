using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cajal.Kernels;

/// <summary>The last, incomplete vector of a line, so that every element takes the same arithmetic as those before it.</summary>
/// <remarks>
/// For elements of four or eight bytes. Nothing here is called: a call, even in the branch behind a loop, keeps the loop's accumulators in memory, since no vector
/// register survives one (measured: sums take half again as long).
/// </remarks>
internal static unsafe class Tail
{
    private static bool HasMasks => Avx512F.VL.IsSupported && Vector<byte>.Count == Vector256<byte>.Count;

    /// <summary><paramref name="count"/> elements, then <paramref name="fill"/> in the lanes beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Load<T>(T* source, int count, Vector<T> fill) where T : unmanaged
    {
        if (HasMasks)
        {
            return sizeof(T) == sizeof(int)
                ? Avx512F.VL.MaskLoad((int*)source, Mask32(count), fill.AsVector256().AsInt32()).As<int, T>().AsVector()
                : Avx512F.VL.MaskLoad((long*)source, Mask64(count), fill.AsVector256().AsInt64()).As<long, T>().AsVector();
        }
        T* lanes = (T*)&fill;
        for (int i = 0; i < count; i++) lanes[i] = source[i];
        return fill;
    }

    /// <summary><paramref name="count"/> elements, then zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Load<T>(T* source, int count) where T : unmanaged => Load(source, count, Vector<T>.Zero);

    /// <summary>Writes the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(Vector<T> value, T* target, int count) where T : unmanaged
    {
        if (HasMasks)
        {
            if (sizeof(T) == sizeof(int)) Avx512F.VL.MaskStore((int*)target, Mask32(count), value.AsVector256().AsInt32());
            else Avx512F.VL.MaskStore((long*)target, Mask64(count), value.AsVector256().AsInt64());
            return;
        }
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++) target[i] = lanes[i];
    }

    private static Vector256<int> Mask32(int count) => Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices);

    private static Vector256<long> Mask64(int count) => Vector256.GreaterThan(Vector256.Create((long)count), Vector256<long>.Indices);
}

/// <summary>The same for the widest registers.</summary>
internal static unsafe class Tail512
{
    /// <inheritdoc cref="Tail.Load{T}(T*, int, Vector{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> Load<T>(T* source, int count, Vector512<T> fill) where T : unmanaged => sizeof(T) == sizeof(int)
        ? Avx512F.MaskLoad((int*)source, Mask32(count), fill.AsInt32()).As<int, T>()
        : Avx512F.MaskLoad((long*)source, Mask64(count), fill.AsInt64()).As<long, T>();

    /// <inheritdoc cref="Tail.Load{T}(T*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> Load<T>(T* source, int count) where T : unmanaged => Load(source, count, Vector512<T>.Zero);

    /// <inheritdoc cref="Tail.Store{T}(Vector{T}, T*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(Vector512<T> value, T* target, int count) where T : unmanaged
    {
        if (sizeof(T) == sizeof(int)) Avx512F.MaskStore((int*)target, Mask32(count), value.AsInt32());
        else Avx512F.MaskStore((long*)target, Mask64(count), value.AsInt64());
    }

    private static Vector512<int> Mask32(int count) => Vector512.GreaterThan(Vector512.Create(count), Vector512<int>.Indices);

    private static Vector512<long> Mask64(int count) => Vector512.GreaterThan(Vector512.Create((long)count), Vector512<long>.Indices);
}
