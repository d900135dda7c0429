using System.Numerics;

namespace Cajal.Kernels;

/// <summary>The last, incomplete vector of a line, so that every element takes the same arithmetic as those before it.</summary>
internal static unsafe class Tail
{
    /// <summary><paramref name="count"/> elements, then <paramref name="fill"/> in the lanes beyond.</summary>
    internal static Vector<T> Load<T>(T* source, int count, Vector<T> fill) where T : unmanaged
    {
        new ReadOnlySpan<T>(source, count).CopyTo(new Span<T>(&fill, Vector<T>.Count));
        return fill;
    }

    /// <summary><paramref name="count"/> elements, then zeros.</summary>
    internal static Vector<T> Load<T>(T* source, int count) where T : unmanaged => Load(source, count, Vector<T>.Zero);

    /// <summary>Writes the first <paramref name="count"/> lanes.</summary>
    internal static void Store<T>(Vector<T> value, T* target, int count) where T : unmanaged => new ReadOnlySpan<T>(&value, count).CopyTo(new Span<T>(target, count));
}
