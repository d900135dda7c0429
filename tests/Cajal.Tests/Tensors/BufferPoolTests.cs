using System.Runtime.CompilerServices;

namespace Cajal.Tests.Tensors;

/// <summary>Buffers come back when nobody can reach them, and only then.</summary>
public class BufferPoolTests
{
    private const int Mebi = 1 << 20;

    [Fact]
    public void ALoopOfTemporariesRunsInFewBuffers()
    {
        var pool = new BufferPool();
        var blocks = new HashSet<PooledBlock>();
        for (int i = 0; i < 2000; i++) blocks.Add(Drop(pool, Mebi));
        // 32 MiB are handed out before anybody looks; twice that covers what a collection leaves for the next.
        Assert.InRange(blocks.Count, 1, 100);
        Assert.InRange(pool.UsedBytes + pool.FreeBytes, 0, 100L * (Mebi + Mebi / 8));
    }

    [Fact]
    public void WhatIsHeldIsNeverHandedOutAgain()
    {
        var pool = new BufferPool();
        var user = Storage.Rent(16);
        var held = pool.Rent(Mebi);
        pool.Watch(held, user);
        for (int i = 0; i < 500; i++) Assert.NotSame(held, Drop(pool, Mebi));
        Assert.True(pool.UsedBytes >= Mebi);
        GC.KeepAlive(user);
    }

    [Fact]
    public void WhatIsReachableCountsWithItsOwnLength()
    {
        var pool = new BufferPool();
        var user = Storage.Rent(16);
        pool.Watch(pool.Rent(Mebi), user);
        for (int i = 0; i < 3; i++) Drop(pool, Mebi);
        Assert.Equal(16, pool.ReachableBytes());
        Assert.Equal(4, pool.HandedOut);
        Assert.InRange(pool.NewBytes, 4L * Mebi, 5L * Mebi);
        long made = pool.NewBytes;
        Drop(pool, Mebi);
        Assert.Equal((5, made), (pool.HandedOut, pool.NewBytes));
        GC.KeepAlive(user);
    }

    [Fact]
    public void WhatWasSeenAsASpanIsNeverHandedOutAgain()
    {
        var pool = new BufferPool();
        var escaped = Drop(pool, Mebi);
        escaped.Escaped = true;
        for (int i = 0; i < 500; i++) Assert.NotSame(escaped, Drop(pool, Mebi));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_000)]
    [InlineData(Mebi)]
    [InlineData(Mebi + 1)]
    public void ABlockIsLargeEnoughAlignedAndHardlyLarger(int length)
    {
        var block = new BufferPool().Rent(length);
        Assert.InRange(block.Capacity, length, length + length / 8 + 64);
        Assert.True(block.Bytes.Length >= block.Start + block.Capacity);
        unsafe
        {
            fixed (byte* start = &block.Bytes[block.Start]) Assert.Equal(0, (nint)start % 64);
        }
    }

    // A span outlives every tensor: what is written later must not show through.
    [Fact]
    public void ASpanStaysValidWhenItsTensorIsGone()
    {
        var span = SpanOfATensorNobodyHolds(300_000, 5);
        for (int i = 0; i < 300; i++) _ = Tensor.Full([300_000], i);
        GC.Collect();
        for (int i = 0; i < 300; i++) _ = Tensor.Full([300_000], i);
        Assert.True(span.IndexOfAnyExcept(5f) < 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PooledBlock Drop(BufferPool pool, int length)
    {
        var block = pool.Rent(length);
        pool.Watch(block, Storage.Rent(16));
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<float> SpanOfATensorNobodyHolds(int count, float value) => Tensor.Full([count], value).AsSpan<float>();
}
