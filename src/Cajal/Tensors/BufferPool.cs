using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>One large buffer: a pinned array with a 64-byte aligned start, and a weak handle on whoever uses it now.</summary>
internal sealed class PooledBlock
{
    private const int Alignment = 64;

    internal PooledBlock(int capacity, int sizeClass)
    {
        Bytes = GC.AllocateUninitializedArray<byte>(capacity + Alignment, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(Bytes, 0);
        Start = (int)((Alignment - (address & (Alignment - 1))) & (Alignment - 1));
        Capacity = capacity;
        SizeClass = sizeClass;
        User = new WeakGCHandle<Storage>(null!);
    }

    internal byte[] Bytes { get; }
    internal int Start { get; }
    internal int Capacity { get; }
    internal int SizeClass { get; }
    internal WeakGCHandle<Storage> User;

    /// <summary>Exposed as a span: whoever holds that span may outlive the storage, so the bytes are never handed out again.</summary>
    internal volatile bool Escaped;
}

/// <summary>
/// Recycles large buffers without anybody disposing anything. A block whose storage the garbage collector has found unreachable is free again.
/// The pool asks for a young-generation collection (cheap: tensors are small objects, their bytes are pinned and never traced) whenever it
/// has handed out a budget that follows the live set.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>Below this much handed out, collecting costs more than the memory is worth.</summary>
    private const long SmallestBudget = 24L << 20;

    internal static BufferPool Shared { get; } = new();

    private readonly Lock gate = new();
    private readonly Stack<PooledBlock>[] free = new Stack<PooledBlock>[30 * 8];
    private readonly List<PooledBlock> used = [];
    private long usedBytes, freeBytes, rentedSinceSweep, usedAfterSweep, usedAfterFullCollection;
    private int collectionsSeen;

    /// <summary>Bytes in buffers that some tensor may be using.</summary>
    internal long UsedBytes { get { lock (gate) return usedBytes; } }

    /// <summary>Bytes held ready.</summary>
    internal long FreeBytes { get { lock (gate) return freeBytes; } }

    internal PooledBlock Rent(int length)
    {
        int sizeClass = SizeClassOf(length, out int capacity);
        lock (gate)
        {
            var stack = free[sizeClass] ??= new();
            if (stack.Count == 0 && rentedSinceSweep > Math.Max(SmallestBudget, usedAfterSweep)) Reclaim();
            rentedSinceSweep += capacity;
            if (!stack.TryPop(out var block)) return new PooledBlock(capacity, sizeClass);
            freeBytes -= capacity;
            return block;
        }
    }

    internal void Watch(PooledBlock block, Storage user)
    {
        lock (gate)
        {
            block.User.SetTarget(user);
            used.Add(block);
            usedBytes += block.Capacity;
        }
    }

    /// <summary>Called when a graph has just been freed: the best moment to collect, since little else is alive.</summary>
    internal void GraphFreed()
    {
        if (Volatile.Read(ref rentedSinceSweep) < SmallestBudget) return;
        lock (gate)
        {
            if (rentedSinceSweep > Math.Max(SmallestBudget, usedAfterSweep / 4)) Reclaim();
        }
    }

    private void Reclaim()
    {
        long wanted = rentedSinceSweep / 2;
        long freed = GC.CollectionCount(0) != collectionsSeen ? Sweep() : 0;
        for (int generation = 0; generation <= 1 && freed < wanted; generation++)
        {
            GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
            freed += Sweep();
        }
        // Storages that outlived two collections sit in the oldest generation: look there only when the used set has clearly grown.
        if (freed < wanted && usedBytes > usedAfterFullCollection + Math.Max(SmallestBudget, usedAfterFullCollection / 4))
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            Sweep();
            usedAfterFullCollection = usedBytes;
            Trim();
        }
        usedAfterSweep = usedBytes;
        rentedSinceSweep = 0;
    }

    private long Sweep()
    {
        collectionsSeen = GC.CollectionCount(0);
        long freed = 0;
        int kept = 0;
        for (int i = 0; i < used.Count; i++)
        {
            var block = used[i];
            if (block.User.TryGetTarget(out _))
            {
                used[kept++] = block;
                continue;
            }
            freed += block.Capacity;
            if (block.Escaped)
            {
                block.User.Dispose();
                continue;
            }
            free[block.SizeClass].Push(block);
            freeBytes += block.Capacity;
        }
        used.RemoveRange(kept, used.Count - kept);
        usedBytes -= freed;
        return freed;
    }

    /// <summary>Gives back to the garbage collector what the present working set does not need.</summary>
    private void Trim()
    {
        foreach (var stack in free)
        {
            while (stack is { Count: > 0 } && freeBytes > usedBytes)
            {
                var block = stack.Pop();
                freeBytes -= block.Capacity;
                block.User.Dispose();
            }
        }
    }

    /// <summary>Eight classes per octave, so at most an eighth of a block is unused.</summary>
    private static int SizeClassOf(int length, out int capacity)
    {
        int octave = 31 - int.LeadingZeroCount(length - 1 | Storage.PooledFrom - 1);
        int step = 1 << octave >> 3;
        long rounded = ((long)length + step - 1) / step * step;
        capacity = (int)Math.Min(rounded, Array.MaxLength - 64);
        return (octave - 11) * 8 + (int)(rounded / step) - 9;
    }
}
