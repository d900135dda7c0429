using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cajal.Models;

/// <summary>
/// Kohonen's rule sample by sample. Moving a unit towards one sample and measuring its distance to the next are one pass over its weights, so the map is read once per update and not twice.
/// </summary>
internal static class OnlineRule
{
    private const int Report = 256;

    internal static void Run<T>(SomTrainer trainer, Tensor data, int updates, Generator generator, Action<int>? progress) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (updates <= 0) return;
        var map = trainer.Map;
        int samples = data.Shape[0];
        var distances = new T[map.Grid.Count];
        var shares = new T[map.Grid.Count];
        var order = generator.Permutation(samples);
        Move(map, Sample(order[0]), Sample(order[0]), shares, distances);
        for (int update = 0; update < updates; update++)
        {
            int at = update % samples;
            var present = Sample(order[at]);
            if (at == samples - 1) order = generator.Permutation(samples);
            Influence(trainer, Least(distances), trainer.RateAt(update, updates), trainer.RadiusAt(update, updates), shares);
            Move(map, present, Sample(order[(update + 1) % samples]), shares, distances);
            if ((update + 1) % Report == 0 || update == updates - 1) progress?.Invoke(update + 1);
        }

        ReadOnlySpan<T> Sample(int sample) => data.AsSpan<T>().Slice(sample * map.Features, map.Features);
    }

    /// <summary>α h(d(u, u*)) for every unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Influence<T>(SomTrainer trainer, int best, double rate, double radius, T[] shares) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int unit = 0; unit < shares.Length; unit++) shares[unit] = T.CreateTruncating(rate * trainer.InfluenceAt(trainer.Map.Grid.SquaredDistance(unit, best), radius));
    }

    /// <summary>Moves every unit by its share of the way to x, and measures how far it then is from the next sample, squared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move<T>(SelfOrganisingMap map, ReadOnlySpan<T> x, ReadOnlySpan<T> next, T[] shares, T[] distances) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var weights = map.Weight.AsSpan<T>();
        for (int unit = 0; unit < shares.Length; unit++) distances[unit] = Pass(weights.Slice(unit * x.Length, x.Length), x, next, shares[unit]);
    }

    /// <summary>w ← w + share (x − w), then |next − w|².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Pass<T>(Span<T> w, ReadOnlySpan<T> x, ReadOnlySpan<T> next, T share) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T at = ref MemoryMarshal.GetReference(w), to = ref MemoryMarshal.GetReference(x), then = ref MemoryMarshal.GetReference(next);
        var shares = Vector.Create(share);
        // Four sums, because one would wait for each addition before the next.
        Vector<T> s0 = default, s1 = default, s2 = default, s3 = default;
        int width = Vector<T>.Count, i = 0;
        for (; i <= w.Length - 4 * width; i += 4 * width)
        {
            s0 = Part(ref at, ref to, ref then, i, shares, s0);
            s1 = Part(ref at, ref to, ref then, i + width, shares, s1);
            s2 = Part(ref at, ref to, ref then, i + 2 * width, shares, s2);
            s3 = Part(ref at, ref to, ref then, i + 3 * width, shares, s3);
        }
        for (; i <= w.Length - width; i += width) s0 = Part(ref at, ref to, ref then, i, shares, s0);
        T sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (; i < w.Length; i++)
        {
            w[i] += share * (x[i] - w[i]);
            sum += (next[i] - w[i]) * (next[i] - w[i]);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Part<T>(ref T w, ref T x, ref T next, int i, Vector<T> share, Vector<T> sum) where T : unmanaged
    {
        var moved = Vector.LoadUnsafe(ref w, (nuint)i);
        moved += share * (Vector.LoadUnsafe(ref x, (nuint)i) - moved);
        moved.StoreUnsafe(ref w, (nuint)i);
        var difference = Vector.LoadUnsafe(ref next, (nuint)i) - moved;
        return sum + difference * difference;
    }

    private static int Least<T>(T[] values) where T : IFloatingPointIeee754<T>
    {
        int least = 0;
        for (int i = 1; i < values.Length; i++) if (values[i] < values[least]) least = i;
        return least;
    }
}
