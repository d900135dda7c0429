namespace Cajal.Tests.Kernels;

/// <summary>
/// Numbers in the middle of pinned memory whose every other bit is set: what is read there turns floating results to NaN, and what is written there is noticed.
/// </summary>
internal sealed unsafe class Guarded<T>
    where T : unmanaged
{
    private const int Margin = 512;

    private readonly byte[] bytes;
    private readonly int before;

    /// <param name="count">Numbers.</param>
    /// <param name="shift">Bytes from a multiple of 64 to the first.</param>
    internal Guarded(int count, int shift = 0)
    {
        Count = count;
        bytes = GC.AllocateUninitializedArray<byte>(count * sizeof(T) + 2 * Margin + 64, pinned: true);
        Array.Fill(bytes, (byte)0xFF);
        fixed (byte* start = bytes) before = (int)((64 - (nint)start % 64) % 64) + Margin + shift % 64;
        fixed (byte* start = &bytes[before]) Start = (T*)start;
    }

    internal Guarded(ReadOnlySpan<T> values, int shift = 0)
        : this(values.Length, shift) => values.CopyTo(Span);

    internal int Count { get; }

    internal T* Start { get; }

    internal Span<T> Span => new(Start, Count);

    internal void Check(string what)
    {
        Assert.True(bytes.AsSpan(0, before).IndexOfAnyExcept((byte)0xFF) < 0, $"{what}: written before the first element");
        Assert.True(bytes.AsSpan(before + Count * sizeof(T)).IndexOfAnyExcept((byte)0xFF) < 0, $"{what}: written behind the last element");
    }
}
