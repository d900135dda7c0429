using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>
/// The bytes behind one or more tensors. Never exposes a pointer that outlives it: spans point into a managed array and keep that alive.
/// </summary>
internal sealed class Storage
{
    /// <summary>Below this size an ordinary young array is cheaper than the pool's bookkeeping (measured: 4 KiB).</summary>
    internal const int PooledFrom = 4096;

    private byte[] bytes;
    private readonly int start;

    private Storage(byte[] bytes, int start, int length)
    {
        this.bytes = bytes;
        this.start = start;
        Length = length;
    }

    /// <summary>Usable bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Rises with every write in place, so that a saved tensor can tell that it was changed.</summary>
    internal int Version { get; set; }

    /// <summary>Whether some leaf keeps its gradient here.</summary>
    internal bool IsGradient { get; set; }

    /// <summary>Made during a backward pass, and so far seen by nobody but the engine.</summary>
    internal bool IsTransient { get; set; }

    /// <summary>How many nodes of the backward pass under way wait with a gradient that lies here.</summary>
    internal int Holders { get; set; }

    /// <summary>The pool's record of this storage; null for small storages.</summary>
    internal PooledBlock? Block { get; private init; }

    /// <summary>Memory with undefined content.</summary>
    internal static Storage Rent(long length)
    {
        if (length > Array.MaxLength - 4096) throw new ShapeException($"Tensor: {length:N0} bytes were asked for; one tensor holds at most 2 GiB.");
        AllocationBudget.Spend(length);
        if (length < PooledFrom) return new(GC.AllocateUninitializedArray<byte>((int)length), 0, (int)length);
        var block = BufferPool.Shared.Rent((int)length);
        var storage = new Storage(block.Bytes, block.Start, (int)length) { Block = block, IsTransient = Autodiff.Engine.IsRunning };
        BufferPool.Shared.Watch(block, storage);
        return storage;
    }

    /// <summary>The content as elements of <typeparamref name="T"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> Span<T>() where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bytes), start)), Length / Unsafe.SizeOf<T>());

    /// <summary>
    /// Gives the buffer back before a collection finds it unreachable: only for whoever knows that nobody will read it again. A tensor that
    /// still pointed here would find no elements, never those of another.
    /// </summary>
    internal void Free()
    {
        IsTransient = false;
        if (Block is not { Escaped: false } block) return;
        bytes = [];
        Length = 0;
        BufferPool.Shared.GiveBack(block, this);
    }

    /// <summary>Marks the buffer as seen from outside: it will be left to the garbage collector and never handed out again.</summary>
    internal void Escape()
    {
        if (Block is { } block) block.Escaped = true;
    }
}
