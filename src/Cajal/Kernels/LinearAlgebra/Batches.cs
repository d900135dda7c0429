using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Runs a routine on every matrix of a batch, matrices shared among threads.</summary>
internal static class Batches
{
    /// <summary>
    /// Calls <paramref name="one"/> with 0 to <paramref name="count"/> - 1; it returns a place of failure or -1. Gives the first matrix that failed, or null.
    /// </summary>
    internal static (int Matrix, int Place)? Run(int count, long workEach, Func<int, int> one)
    {
        var places = new int[count];
        var body = new Body { One = one, Places = places };
        if (count * workEach < Unary.Grain) body.Invoke(0, count);
        else WorkerPool.For(count, (int)Math.Clamp(Unary.Grain / 2 / Math.Max(1, workEach), 1, int.MaxValue), ref body);
        for (int i = 0; i < count; i++) if (places[i] >= 0) return (i, places[i]);
        return null;
    }

    private struct Body : IRangeBody
    {
        internal Func<int, int> One;
        internal int[] Places;

        public readonly void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++) Places[i] = One(i);
        }
    }
}
