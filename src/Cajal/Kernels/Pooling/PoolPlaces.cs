using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Adds values to saved places of their planes, and its adjoint, which picks them. Place -1 stands for nowhere.</summary>
internal static unsafe class PoolPlaces
{
    internal static void Run<T>(Span<T> planes, Span<T> picked, ReadOnlySpan<int> places, int count, bool scatter)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = planes, py = picked)
        fixed (int* pp = places)
        {
            int plane = planes.Length / count, windows = picked.Length / count;
            var body = new Body<T> { Planes = px, Picked = py, Places = pp, Plane = plane, Windows = windows, Scatter = scatter };
            WorkerPool.For(count, Math.Max(1, 16384 / Math.Max(1, plane + windows)), ref body);
        }
    }

    private struct Body<T> : IRangeBody
        where T : unmanaged, INumberBase<T>
    {
        internal T* Planes, Picked;
        internal int* Places;
        internal int Plane, Windows;
        internal bool Scatter;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int plane = start; plane < end; plane++)
            {
                T* x = Planes + (nint)plane * Plane, y = Picked + (nint)plane * Windows;
                int* place = Places + (nint)plane * Windows;
                if (Scatter)
                {
                    new Span<T>(x, Plane).Clear();
                    for (int i = 0; i < Windows; i++)
                    {
                        if (place[i] >= 0) { x[place[i]] += y[i]; }
                    }
                }
                else
                {
                    for (int i = 0; i < Windows; i++) { y[i] = place[i] < 0 ? T.Zero : x[place[i]]; }
                }
            }
        }
    }
}
