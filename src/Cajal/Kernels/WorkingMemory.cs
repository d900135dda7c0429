using System.Runtime.InteropServices;

namespace Cajal.Kernels;

/// <summary>Memory that a kernel shares with its workers, 64-byte aligned, of unspecified content; it goes back to the pool when the kernel ends.</summary>
internal readonly unsafe ref struct WorkingMemory<T> where T : unmanaged
{
    private readonly PooledBlock block;

    internal WorkingMemory(nint count)
    {
        block = BufferPool.Shared.Borrow(checked((int)Math.Max(Storage.PooledFrom, count * sizeof(T))));
        Start = (T*)(Marshal.UnsafeAddrOfPinnedArrayElement(block.Bytes, 0) + block.Start);
    }

    internal T* Start { get; }

    public void Dispose() => BufferPool.Shared.GiveBack(block);
}
