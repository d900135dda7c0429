using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>The run of windows, most often all of them, that have the same number of elements and lie at equal distances.</summary>
internal readonly struct RegularWindows
{
    /// <summary>The first such window, where it starts, how many there are, their distance, and the elements of each.</summary>
    internal required int First { get; init; }
    internal required int Start { get; init; }
    internal required int Windows { get; init; }
    internal required int Stride { get; init; }
    internal required int Count { get; init; }

    internal static RegularWindows Find(PoolWindows windows)
    {
        int count = 0, first = 0;
        foreach (int length in windows.Count) { count = Math.Max(count, length); }
        while (first < windows.Output && windows.Count[first] != count) { first++; }
        int last = first + 1, stride = last < windows.Output ? windows.Start[last] - windows.Start[first] : 1;
        while (last < windows.Output && windows.Count[last] == count && windows.Start[last] - windows.Start[last - 1] == stride) { last++; }
        return new() { First = first, Start = windows.Start[first], Windows = count == 0 ? 0 : last - first, Stride = stride, Count = count };
    }

    /// <summary>Whether these are all windows, and each element lies in just one of them.</summary>
    internal bool Tiles(PoolWindows windows) =>
        Windows == windows.Output && Start == 0 && Stride == Count && Count * Windows == windows.Input && windows.Step == 1 && Array.TrueForAll(windows.Divisor, divisor => divisor == windows.Divisor[0]);

    /// <summary>x[0], x[Stride], x[2 Stride], ...: one element for each of so many windows. Reads up to two vectors where the stride is 1 or 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly unsafe Vector<T> Gather<T>(T* x, int windows)
        where T : unmanaged
    {
        int lanes = Vector<T>.Count;
        if (Stride == 1) { return Vector.Load(x); }
        if (Stride == 2 && sizeof(T) == 4)
        {
            // A pair of neighbours is one 64-bit lane, of which narrowing keeps the lower half.
            return Vector.Narrow(Vector.Load(x).As<T, ulong>(), Vector.Load(x + lanes).As<T, ulong>()).As<uint, T>();
        }
        return GatherSlowly(x, windows);
    }

    // Apart, because a method that allocates on the stack is not inlined into a loop.
    private readonly unsafe Vector<T> GatherSlowly<T>(T* x, int windows)
        where T : unmanaged
    {
        T* values = stackalloc T[Vector<T>.Count];
        for (int i = 0; i < Vector<T>.Count; i++) { values[i] = i < windows ? x[(nint)i * Stride] : default; }
        return Vector.Load(values);
    }
}
