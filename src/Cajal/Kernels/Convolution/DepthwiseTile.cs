using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>One channel by eight vectors of neighbouring positions: eight chains keep the multipliers busy where there is only one filter.</summary>
internal static unsafe class DepthwiseTile<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static int Width => 8 * L.Count;

    /// <summary>c = Σₖ a[k] b[offsets[k]...]. Needs k >= 1.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(nint k, T* a, int* offsets, T* b, T* c)
    {
        V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        do
        {
            T* p = b + *offsets++;
            V x = L.Broadcast(a++);
            s0 = L.MultiplyAdd(x, L.Load(p), s0);
            s1 = L.MultiplyAdd(x, L.Load(p + L.Count), s1);
            s2 = L.MultiplyAdd(x, L.Load(p + 2 * L.Count), s2);
            s3 = L.MultiplyAdd(x, L.Load(p + 3 * L.Count), s3);
            s4 = L.MultiplyAdd(x, L.Load(p + 4 * L.Count), s4);
            s5 = L.MultiplyAdd(x, L.Load(p + 5 * L.Count), s5);
            s6 = L.MultiplyAdd(x, L.Load(p + 6 * L.Count), s6);
            s7 = L.MultiplyAdd(x, L.Load(p + 7 * L.Count), s7);
        }
        while (--k != 0);
        L.Store(s0, c);
        L.Store(s1, c + L.Count);
        L.Store(s2, c + 2 * L.Count);
        L.Store(s3, c + 3 * L.Count);
        L.Store(s4, c + 4 * L.Count);
        L.Store(s5, c + 5 * L.Count);
        L.Store(s6, c + 6 * L.Count);
        L.Store(s7, c + 7 * L.Count);
    }
}
