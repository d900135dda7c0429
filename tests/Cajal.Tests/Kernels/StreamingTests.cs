using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cajal.Kernels;
using Cajal.Tests.Threading;

namespace Cajal.Tests.Kernels;

/// <summary>Results that are written past the caches equal those of short pieces, which are not, bit by bit; from any alignment, on any number of threads.</summary>
[Collection(nameof(Compute.Threads))]
public sealed unsafe class StreamingTests : IDisposable
{
    private const int Bytes = 6 << 20;

    private readonly long cache = ProcessorCache.LastLevel;

    // A result of Bytes with one operand is one byte larger.
    public StreamingTests() => ProcessorCache.LastLevel = 2 * Bytes - 1;

    public void Dispose() => ProcessorCache.LastLevel = cache;

    private readonly struct Light : IUnaryOperator, IBinaryOperator
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => x * x + x;

        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => x * y + x;
    }

    private readonly struct Heavy : IUnaryOperator, IBinaryOperator
    {
        public static bool IsHeavy => true;

        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged => x * x + x;

        public Vector512<T> Invoke<T>(Vector512<T> x) where T : unmanaged => x * x + x;

        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> y) where T : unmanaged => x * y + x;

        public Vector512<T> Invoke<T>(Vector512<T> x, Vector512<T> y) where T : unmanaged => x * y + x;
    }

    [Fact]
    public void LargeAlignedResultsAndNoOthersAreStreamed()
    {
        float* aligned = (float*)(nint)4096;
        Assert.True(Streaming.Pays(aligned, Bytes / 4, 1));
        Assert.True(Streaming.Pays((double*)aligned, Bytes / 8, 1));
        Assert.False(Streaming.Pays(aligned, Bytes / 4 - 1, 1));
        Assert.False(Streaming.Pays(aligned, Bytes / 4, 0));
        Assert.True(Streaming.Pays(aligned, Bytes / 4 - 1, 2));
        for (int shift = 1; shift < 16; shift++) Assert.False(Streaming.Pays(aligned + shift, Bytes, 1));
        Assert.True(Streaming.Pays(aligned + 16, Bytes, 1));
    }

    [Fact]
    public void Float32() => Check<float>([0, 1, 17, 63, 64, 1000]);

    [Fact]
    public void Float64() => Check<double>([0, 3, 31]);

    [Fact]
    public void Int32() => Check<int>([0, 21]);

    [Fact]
    public void ViewsOfLargeTensors()
    {
        const int Count = Bytes / 4 + 37;
        var all = Tensor.Uniform([Count + 2], -4, 4, generator: new Generator(1));
        foreach (int start in new[] { 0, 1, 2 })
        {
            var view = all.Narrow(0, start, Count);
            // The other view begins elsewhere in the same memory.
            var other = all.Narrow(0, 2 - start, Count);
            float[] sum = (view + other).ToArray<float>(), root = view.Square().ToArray<float>(), gelu = view.Gelu().ToArray<float>();
            const int Part = 500_001;
            for (int at = 0; at < Count; at += Part)
            {
                int length = Math.Min(Part, Count - at);
                Tensor x = view.Narrow(0, at, length), y = other.Narrow(0, at, length);
                Same((x + y).ToArray<float>(), sum.AsSpan(at, length), $"sum from {start}, part {at}");
                Same(x.Square().ToArray<float>(), root.AsSpan(at, length), $"square from {start}, part {at}");
                Same(x.Gelu().ToArray<float>(), gelu.AsSpan(at, length), $"gelu from {start}, part {at}");
            }
        }
    }

    private static void Check<T>(int[] tails)
        where T : unmanaged, INumber<T>
    {
        int before = Compute.Threads, longest = Bytes / sizeof(T) + tails.Max();
        var random = new Random(1);
        byte[] bytes = new byte[1 << 16];
        random.NextBytes(bytes);
        var left = new Guarded<T>(longest + 3, sizeof(T));
        var right = new Guarded<T>(longest, 2 * sizeof(T));
        for (int i = 0; i < longest + 3; i++) left.Start[i] = T.CreateTruncating(bytes[i & 0xFFFF] - 100) / T.CreateTruncating(7);
        for (int i = 0; i < longest; i++) right.Start[i] = T.CreateTruncating(bytes[i * 5 & 0xFFFF] - 77) / T.CreateTruncating(3);
        try
        {
            for (int i = 0; i < tails.Length; i++)
            {
                int count = Bytes / sizeof(T) + tails[i];
                Compute.Threads = 1 + i % 3;
                ReadOnlySpan<T> x = left.Span.Slice(i % 3, count), y = right.Span[..count];
                Check(x, y, default(Light), $"{typeof(T).Name}, {count}");
                Check(x, y, default(Heavy), $"heavy, {typeof(T).Name}, {count}");
            }
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    private static void Check<T, TOperator>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, TOperator op, string what)
        where T : unmanaged
        where TOperator : struct, IUnaryOperator, IBinaryOperator
    {
        int count = x.Length;
        var expected = new T[count];
        var walk = new BinaryWalk(new(Run.Contiguous, 0, []), new(Run.Contiguous, 0, []), 1, count);
        Guarded<T> aligned = new(count), shifted = new(count, sizeof(T));
        Assert.True(Streaming.Pays(aligned.Start, count, 1));
        Assert.False(Streaming.Pays(shifted.Start, count, 1));

        Pieces(x, expected, op);
        Unary.Run(x, aligned.Span, op);
        Unary.Run(x, shifted.Span, op);
        Same<T>(expected, aligned.Span, $"unary, {what}");
        Same<T>(expected, shifted.Span, $"unary not aligned, {what}");
        x.CopyTo(aligned.Span);
        Unary.Run<T, TOperator>(aligned.Span, aligned.Span, op);
        Same<T>(expected, aligned.Span, $"unary in place, {what}");

        Pieces(x, y, expected, op);
        Binary.RunRows(x, y, aligned.Span, in walk, op);
        Binary.RunRows(x, y, shifted.Span, in walk, op);
        Same<T>(expected, aligned.Span, $"binary, {what}");
        Same<T>(expected, shifted.Span, $"binary not aligned, {what}");
        y.CopyTo(aligned.Span);
        Binary.RunRows<T, TOperator>(x, aligned.Span, aligned.Span, in walk, op);
        Same<T>(expected, aligned.Span, $"binary in place, {what}");
        aligned.Check(what);
        shifted.Check(what);
    }

    private const int Piece = 250_001;

    private static void Pieces<T, TOperator>(ReadOnlySpan<T> x, Span<T> z, TOperator op)
        where T : unmanaged
        where TOperator : struct, IUnaryOperator
    {
        for (int at = 0; at < x.Length; at += Piece)
        {
            int length = Math.Min(Piece, x.Length - at);
            Unary.Run(x.Slice(at, length), z.Slice(at, length), op);
        }
    }

    private static void Pieces<T, TOperator>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, TOperator op)
        where T : unmanaged
        where TOperator : struct, IBinaryOperator
    {
        for (int at = 0; at < x.Length; at += Piece)
        {
            int length = Math.Min(Piece, x.Length - at);
            Binary.RunRows(x.Slice(at, length), y.Slice(at, length), z.Slice(at, length), new BinaryWalk(new(Run.Contiguous, 0, []), new(Run.Contiguous, 0, []), 1, length), op);
        }
    }

    private static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged
    {
        int same = MemoryMarshal.AsBytes(expected).CommonPrefixLength(MemoryMarshal.AsBytes(actual));
        Assert.True(same == MemoryMarshal.AsBytes(expected).Length, $"{what}: other bits at byte {same}");
    }
}
