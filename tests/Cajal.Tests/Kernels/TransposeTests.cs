using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>Turning matrices, in registers or not: every small shape, nothing written but the items, whatever lies between and around them.</summary>
public sealed unsafe class TransposeTests
{
    private const int Longest = 40;

    [Fact]
    public void EverySmallShape()
    {
        for (int count = 0; count <= Longest; count++)
        {
            for (int length = 0; length <= Longest; length++)
            {
                Check<float>(count, length, (count + length) % 3, (count * length) % 5);
                if (count % 3 == length % 3) Check<double>(count, length, (count + length) % 2, length % 3);
            }
        }
    }

    [Theory]
    [InlineData(16, 300)]
    [InlineData(300, 17)]
    [InlineData(33, 129)]
    [InlineData(129, 64)]
    [InlineData(5, 1000)]
    public void LongerOnes(int count, int length)
    {
        Check<float>(count, length, 0, 0);
        Check<float>(count, length, 7, 3);
    }

    [Fact]
    public void SixteenBySixteen()
    {
        if (!Transpose16.IsSupported) return;
        for (int count = 16; count <= 50; count++)
        {
            for (int length = 16; length <= 50; length += 1 + count % 3)
            {
                Check<float>(count, length, count % 4, length % 4, static (target, width, source, items, across, along) =>
                    Transpose16.Run((float*)target, width, (float*)source, items, across, along));
            }
        }
    }

    /// <summary>All layouts of a source, into strips of which the last is not full: the rest is zeros.</summary>
    [Fact]
    public void PackingFillsUpWithZeros()
    {
        foreach (int width in new[] { 4, 8, 16, 24, 32 })
        {
            for (int count = 1; count <= width; count++)
            {
                foreach (int length in new[] { 1, 3, 4, 16, 19 })
                {
                    // Neighbours across, neighbours along, neither.
                    Pack<float>(width, count, 1, length, count + 2);
                    Pack<float>(width, count, length + 1, length, 1);
                    Pack<float>(width, count, 2, length, 2 * count + 1);
                    Pack<double>(width, count, 1, length, count);
                    Pack<double>(width, count, length, length, 1);
                }
            }
        }
    }

    private static void Pack<T>(int width, int count, int across, int length, int along)
        where T : unmanaged, INumber<T>
    {
        var source = Numbers<T>((count - 1) * across + (length - 1) * along + 1);
        var target = new Guarded<T>(width * length, sizeof(T));
        Packing.Pack(target.Start, width, source.Start, count, across, length, along);
        target.Check($"packing {count} of {width}, {length} long");
        for (int p = 0; p < length; p++)
        {
            for (int i = 0; i < width; i++)
            {
                T expected = i < count ? source.Start[i * across + p * along] : T.Zero;
                if (target.Start[p * width + i] == expected) continue;
                Assert.Fail($"packing {count} ({across} apart) of {width}, {length} ({along} apart): item {i} of {p} is {target.Start[p * width + i]}, not {expected}");
            }
        }
    }

    private delegate void Turn(void* target, int width, void* source, int count, nint across, int length);

    private static void Check<T>(int count, int length, int gap, int lineGap, Turn? turn = null)
        where T : unmanaged, INumber<T>
    {
        int width = count + gap, across = length + lineGap;
        var source = Numbers<T>(Math.Max(0, (count - 1) * across + length));
        var target = new Guarded<T>(Math.Max(0, (length - 1) * width + count), 3 * sizeof(T));
        if (turn is not null) turn(target.Start, width, source.Start, count, across, length);
        else Packing.Transpose(target.Start, width, source.Start, count, across, length);
        target.Check($"{count} x {length}");
        for (int at = 0; at < target.Count; at++)
        {
            int p = at / Math.Max(1, width), i = at % Math.Max(1, width);
            bool right = i < count ? target.Start[at] == source.Start[i * across + p] : new Span<byte>(target.Start + at, sizeof(T)).IndexOfAnyExcept((byte)0xFF) < 0;
            if (!right) Assert.Fail($"{typeof(T).Name} {count} x {length}, {width} wide, lines {across} apart: item {i} of {p} is {target.Start[at]}");
        }
    }

    [Fact]
    public void MemoryMayEndBehindTheSource()
    {
        if (!Fenced<float>.IsSupported) return;
        for (int count = 1; count <= Longest; count += 3)
        {
            for (int length = 1; length <= Longest; length++)
            {
                float[] values = Numbers<float>(count * length).Span.ToArray(), target = new float[count * length];
                using var source = new Fenced<float>(values, behind: true);
                fixed (float* to = target) Packing.Transpose(to, count, source.Start, count, length, length);
                for (int i = 0; i < values.Length; i++) Assert.Equal(values[i], target[i % length * count + i / length]);
            }
        }
    }

    private static Guarded<T> Numbers<T>(int count)
        where T : unmanaged, INumber<T>
    {
        var numbers = new Guarded<T>(count, sizeof(T));
        for (int i = 0; i < count; i++) numbers.Start[i] = T.CreateTruncating(i + 1);
        return numbers;
    }
}
