using System.Numerics;
using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>Incomplete vectors: the lanes that exist, the fill beyond them, not a byte written elsewhere, and none read where memory ends.</summary>
public sealed unsafe class TailTests
{
    [Fact]
    public void Single() => Check([1.5f, -2, float.NaN, 4, 5, float.PositiveInfinity, 7, 8, 9, 10, -0f, 12, 13, 14, 15, 16], -1f);

    [Fact]
    public void Double() => Check([1.5, -2, double.NaN, 4, 5, double.NegativeInfinity, 7, 8], -1.0);

    [Fact]
    public void Int32() => Check([1, -2, 3, 4, 5, 6, 7, 8, 9, 10, int.MinValue, 12, 13, 14, 15, 16], 1);

    [Fact]
    public void Int64() => Check([1, -2, 3, 4, long.MaxValue, 6, 7, 8], 1L);

    private static void Check<T>(T[] values, T fill)
        where T : unmanaged, INumber<T>
    {
        for (int shift = 0; shift < 64; shift += sizeof(T))
        {
            for (int count = 0; count <= Vector<T>.Count; count++)
            {
                var source = new Guarded<T>(values.AsSpan(0, count), shift);
                var (filled, zeroed) = (Tail.Load(source.Start, count, new Vector<T>(fill)), Tail.Load(source.Start, count));
                for (int i = 0; i < Vector<T>.Count; i++)
                {
                    Same(i < count ? values[i] : fill, filled[i]);
                    Same(i < count ? values[i] : T.Zero, zeroed[i]);
                }
                var target = new Guarded<T>(count, shift);
                Tail.Store(new Vector<T>(values), target.Start, count);
                Stored(target, values);
                source.Check("source");
            }
            for (int count = 0; count <= Vector512<T>.Count && Vector512.IsHardwareAccelerated; count++)
            {
                var source = new Guarded<T>(values.AsSpan(0, count), shift);
                var (filled, zeroed) = (Tail512.Load(source.Start, count, Vector512.Create(fill)), Tail512.Load(source.Start, count));
                for (int i = 0; i < Vector512<T>.Count; i++)
                {
                    Same(i < count ? values[i] : fill, filled[i]);
                    Same(i < count ? values[i] : T.Zero, zeroed[i]);
                }
                var target = new Guarded<T>(count, shift);
                Tail512.Store(Vector512.Create(values), target.Start, count);
                Stored(target, values);
                source.Check("source");
            }
        }
    }

    [Fact]
    public void MemoryMayEndBehindTheLastElement()
    {
        if (!Fenced<int>.IsSupported) return;
        AtTheEnd([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        AtTheEnd([1L, 2, 3, 4, 5, 6, 7, 8]);
    }

    private static void AtTheEnd<T>(T[] values)
        where T : unmanaged, INumber<T>
    {
        for (int count = 0; count <= values.Length; count++)
        {
            using var memory = new Fenced<T>(values.AsSpan(0, count), behind: true);
            if (count <= Vector<T>.Count)
            {
                var lanes = Tail.Load(memory.Start, count);
                for (int i = 0; i < count; i++) Same(values[i], lanes[i]);
                Tail.Store(lanes + lanes, memory.Start, count);
                for (int i = 0; i < count; i++) Same(values[i] + values[i], memory.Start[i]);
            }
            if (!Vector512.IsHardwareAccelerated) continue;
            var wide = Tail512.Load(memory.Start, count);
            for (int i = 0; i < count; i++) Same(memory.Start[i], wide[i]);
            Tail512.Store(wide * wide, memory.Start, count);
            for (int i = 0; i < count; i++) Same(wide[i] * wide[i], memory.Start[i]);
        }
    }

    private static void Stored<T>(Guarded<T> target, T[] values)
        where T : unmanaged, INumber<T>
    {
        target.Check($"{target.Count} of {typeof(T).Name}");
        for (int i = 0; i < target.Count; i++) Same(values[i], target.Span[i]);
    }

    private static void Same<T>(T expected, T actual)
        where T : unmanaged
    {
        if (!new Span<byte>(&expected, sizeof(T)).SequenceEqual(new Span<byte>(&actual, sizeof(T)))) Assert.Fail($"{actual} is not {expected}");
    }
}
