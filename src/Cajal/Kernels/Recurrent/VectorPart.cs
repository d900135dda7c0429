using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Loads and stores of the first <c>count</c> lanes, for the tail of a row; lanes beyond are zero and are not written.</summary>
internal static unsafe class VectorPart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Load<T>(T* source, int count) where T : unmanaged => count >= Vector<T>.Count ? Vector.Load(source) : LoadTail(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(Vector<T> value, T* target, int count) where T : unmanaged
    {
        if (count >= Vector<T>.Count) value.Store(target);
        else StoreTail(value, target, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<T> LoadTail<T>(T* source, int count) where T : unmanaged
    {
        var value = Vector<T>.Zero;
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++) lanes[i] = source[i];
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreTail<T>(Vector<T> value, T* target, int count) where T : unmanaged
    {
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++) target[i] = lanes[i];
    }
}
