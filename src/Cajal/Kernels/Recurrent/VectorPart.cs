using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Loads and stores of the first <c>count</c> lanes, for the tail of a row; lanes beyond are zero and are not written.</summary>
internal static unsafe class VectorPart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Load<T>(T* source, int count) where T : unmanaged => count >= Vector<T>.Count ? Vector.Load(source) : Tail.Load(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(Vector<T> value, T* target, int count) where T : unmanaged
    {
        if (count >= Vector<T>.Count) value.Store(target);
        else Tail.Store(value, target, count);
    }
}
