using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// Two or three channels by four vectors of neighbouring positions, for results with so few channels (the gradient of a colour image): twelve chains
/// keep the multipliers busy where six would wait for each other.
/// </summary>
internal static unsafe class WideTile<T, V, L, TRows>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
{
    internal static int Width => 4 * L.Count;

    /// <summary>C = A B, or C += A B when <paramref name="add"/>; a is packed [k, TRows], row k of B starts at b + offsets[k]. Needs k >= 1.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(nint k, T* a, int* offsets, T* b, T* c, nint rowC, bool add)
    {
        V a0 = default, a1 = default, a2 = default, a3 = default;
        V b0 = default, b1 = default, b2 = default, b3 = default;
        V c0 = default, c1 = default, c2 = default, c3 = default;
        do
        {
            T* p = b + *offsets++;
            V v0 = L.Load(p), v1 = L.Load(p + L.Count), v2 = L.Load(p + 2 * L.Count), v3 = L.Load(p + 3 * L.Count);
            V x = L.Broadcast(a);
            a0 = L.MultiplyAdd(x, v0, a0); a1 = L.MultiplyAdd(x, v1, a1); a2 = L.MultiplyAdd(x, v2, a2); a3 = L.MultiplyAdd(x, v3, a3);
            x = L.Broadcast(a + 1);
            b0 = L.MultiplyAdd(x, v0, b0); b1 = L.MultiplyAdd(x, v1, b1); b2 = L.MultiplyAdd(x, v2, b2); b3 = L.MultiplyAdd(x, v3, b3);
            if (TRows.Value > 2)
            {
                x = L.Broadcast(a + 2);
                c0 = L.MultiplyAdd(x, v0, c0); c1 = L.MultiplyAdd(x, v1, c1); c2 = L.MultiplyAdd(x, v2, c2); c3 = L.MultiplyAdd(x, v3, c3);
            }
            a += TRows.Value;
        }
        while (--k != 0);
        Put(c, a0, a1, a2, a3, add);
        Put(c + rowC, b0, b1, b2, b3, add);
        if (TRows.Value > 2) { Put(c + 2 * rowC, c0, c1, c2, c3, add); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* c, V v0, V v1, V v2, V v3, bool add)
    {
        if (add)
        {
            v0 = L.Add(L.Load(c), v0);
            v1 = L.Add(L.Load(c + L.Count), v1);
            v2 = L.Add(L.Load(c + 2 * L.Count), v2);
            v3 = L.Add(L.Load(c + 3 * L.Count), v3);
        }
        L.Store(v0, c);
        L.Store(v1, c + L.Count);
        L.Store(v2, c + 2 * L.Count);
        L.Store(v3, c + 3 * L.Count);
    }
}
