using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>One large buffer: a pinned array with an aligned start, and a weak handle on whoever uses it now.</summary>
internal sealed class PooledBlock
{
    /// <summary>
    /// Processors compare the last twelve bits of an address to see whether a load must wait for a store under way. Where a result began some lines behind
    /// its operand in these bits, every load would (measured: softmax takes half again as long); all large buffers begin at 0.
    /// </summary>
    private const int Page = 4096, PageAlignedFrom = 32 << 10, Line = 64;

    internal PooledBlock(int capacity, int sizeClass)
    {
        int alignment = capacity >= PageAlignedFrom ? Page : Line;
        Bytes = GC.AllocateUninitializedArray<byte>(capacity + alignment, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(Bytes, 0);
        Start = (int)((alignment - (address & (alignment - 1))) & (alignment - 1));
        Capacity = capacity;
        SizeClass = sizeClass;
        User = new WeakGCHandle<Storage>(null!);
    }

    internal byte[] Bytes { get; }
    internal int Start { get; }
    internal int Capacity { get; }
    internal int SizeClass { get; }
    internal WeakGCHandle<Storage> User;

    /// <summary>Where the pool's list of used blocks has this one.</summary>
    internal int Index;

    /// <summary>Exposed as a span: whoever holds that span may outlive the storage, so the bytes are never handed out again.</summary>
    internal volatile bool Escaped;
}

/// <summary>
/// Recycles large buffers without anybody disposing anything. A block whose storage the garbage collector has found unreachable is free again.
/// The pool asks for a young-generation collection (cheap: tensors are small objects, their bytes are pinned and never traced) whenever it
/// has handed out a budget: small while collections find most of what was handed out, so that a loop of temporaries stays within few buffers
/// that the caches still hold; doubled whenever they find little, as in the forward half of a training step, where everything is kept.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>A quarter of the last cache of common processors: a loop of temporaries stays within it, and a collection takes less than a tenth of the time they take.</summary>
    private const long SmallestBudget = 12L << 20;

    /// <summary>Buffers that no cache holds between two uses: collecting for a single one would only take time.</summary>
    private const int LargeBuffersPerSweep = 4;

    /// <summary>What a training step may be handed out between two collections.</summary>
    private const long LargestStep = 64L << 20;

    /// <summary>Sweeps differ in what they find; a buffer that stays free through so many is not needed.</summary>
    private const int SweepsToTrim = 16;

    internal static BufferPool Shared { get; } = new();

    /// <summary>For tests: fills what is free with set bits, NaN in every floating type, so that whoever still reads it, or reads what nobody wrote, shows.</summary>
    internal static bool SpoilsFree { get; set; }

    private readonly Lock gate = new();
    private readonly Stack<PooledBlock>[] free = new Stack<PooledBlock>[30 * 8];
    private readonly int[] idle = new int[30 * 8]; // per class, the free blocks that nobody wanted since the last trim
    private readonly List<PooledBlock> used = [];
    private long usedBytes, freeBytes, rentedSinceSweep, usedAfterSweep, usedAfterFullCollection, rentedInStep, mostInStep, stepBudget, budget = SmallestBudget;
    private int collectionsSeen, sweeps;
    private long handedOut, newBytes;
    private bool graphFreed, isBehindStep;

    /// <summary>Bytes in buffers that some tensor may be using.</summary>
    internal long UsedBytes { get { lock (gate) return usedBytes; } }

    /// <summary>Bytes held ready.</summary>
    internal long FreeBytes { get { lock (gate) return freeBytes; } }

    /// <summary>How many buffers have been handed out, new or used before.</summary>
    internal long HandedOut { get { lock (gate) return handedOut; } }

    /// <summary>Bytes of all buffers that were ever made.</summary>
    internal long NewBytes { get { lock (gate) return newBytes; } }

    /// <summary>Collects everything, and returns the bytes of the storages that are still reachable, without what their buffers are longer.</summary>
    internal long ReachableBytes()
    {
        GC.Collect();
        lock (gate)
        {
            Sweep();
            long bytes = 0;
            foreach (var block in used)
            {
                if (block.User.TryGetTarget(out var storage)) bytes += storage.Length;
            }
            return bytes;
        }
    }

    internal PooledBlock Rent(int length)
    {
        int sizeClass = SizeClassOf(length, out int capacity);
        lock (gate)
        {
            var stack = free[sizeClass] ??= new();
            if (IsTimeToCollect(capacity))
            {
                long rented = rentedSinceSweep;
                bool inStep = !isBehindStep;
                isBehindStep = false;
                long freed = Reclaim();
                if (inStep) budget = freed < rented / 2 ? budget * 2 : Math.Max(SmallestBudget, budget / 2);
            }
            rentedSinceSweep += capacity;
            rentedInStep += capacity;
            mostInStep = Math.Max(mostInStep, rentedInStep);
            return Take(stack, capacity, sizeClass);
        }
    }

    /// <summary>A block for a kernel's own use, which gives it back itself.</summary>
    internal PooledBlock Borrow(int length)
    {
        int sizeClass = SizeClassOf(length, out int capacity);
        lock (gate) return Take(free[sizeClass] ??= new(), capacity, sizeClass);
    }

    internal void GiveBack(PooledBlock block)
    {
        lock (gate) Keep(block);
    }

    /// <summary>Takes a block back from a user that will not touch it again.</summary>
    internal void GiveBack(PooledBlock block, Storage user)
    {
        lock (gate)
        {
            if (!block.User.TryGetTarget(out var owner) || owner != user) return;
            block.User.SetTarget(null!);
            var last = used[^1];
            used[block.Index] = last;
            last.Index = block.Index;
            used.RemoveAt(used.Count - 1);
            usedBytes -= block.Capacity;
            rentedSinceSweep -= block.Capacity;
            rentedInStep -= block.Capacity;
            Keep(block);
        }
    }

    private void Keep(PooledBlock block)
    {
        if (SpoilsFree) block.Bytes.AsSpan(block.Start, block.Capacity).Fill(0xFF);
        free[block.SizeClass].Push(block);
        freeBytes += block.Capacity;
    }

    private PooledBlock Take(Stack<PooledBlock> stack, int capacity, int sizeClass)
    {
        handedOut++;
        if (!stack.TryPop(out var block))
        {
            block = new PooledBlock(capacity, sizeClass);
            newBytes += block.Bytes.Length;
            return block;
        }
        freeBytes -= capacity;
        idle[sizeClass] = Math.Min(idle[sizeClass], stack.Count);
        return block;
    }

    internal void Watch(PooledBlock block, Storage user)
    {
        lock (gate)
        {
            block.User.SetTarget(user);
            block.Index = used.Count;
            used.Add(block);
            usedBytes += block.Capacity;
        }
    }

    /// <summary>
    /// Called when a graph has just been freed. The next buffer that is wanted is the best moment to collect: little else is alive, and whoever went
    /// backward has let go of the graph's end too.
    /// </summary>
    internal void GraphFreed() => Volatile.Write(ref graphFreed, true);

    private bool IsTimeToCollect(int wanted)
    {
        if (graphFreed)
        {
            // A step that is given all its buffers at once leaves its tensors young, where one collection behind it finds them all.
            stepBudget = mostInStep <= LargestStep ? Math.Max(mostInStep / 8 * 9, stepBudget / 8 * 7) : 0;
            rentedInStep = mostInStep = 0;
            graphFreed = false;
            if (rentedSinceSweep > Math.Max(SmallestBudget, usedAfterSweep / 4)) return isBehindStep = true;
        }
        return rentedSinceSweep > Math.Max(Math.Max(budget, stepBudget), (long)wanted * LargeBuffersPerSweep);
    }

    private long Reclaim()
    {
        long wanted = rentedSinceSweep / 2;
        long freed = GC.CollectionCount(0) != collectionsSeen ? Sweep() : 0;
        if (freed < wanted)
        {
            // Generation 1 too: what a caller still held at the last collection sits there, one buffer each time.
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
            freed += Sweep();
        }
        // Storages that outlived two collections sit in the oldest generation: look there only when the used set has clearly grown.
        if (freed < wanted && usedBytes > usedAfterFullCollection + Math.Max(SmallestBudget, usedAfterFullCollection / 4))
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            freed += Sweep();
            // The forward half of a step keeps more than the backward half: what the larger one needs is no growth, and is forgotten slowly.
            usedAfterFullCollection = Math.Max(usedBytes, usedAfterFullCollection / 8 * 7);
        }
        if (++sweeps % SweepsToTrim == 0) Trim();
        usedAfterSweep = usedBytes;
        rentedSinceSweep = 0;
        return freed;
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
                block.Index = kept;
                used[kept++] = block;
                continue;
            }
            freed += block.Capacity;
            if (block.Escaped)
            {
                block.User.Dispose();
                continue;
            }
            Keep(block);
        }
        used.RemoveRange(kept, used.Count - kept);
        usedBytes -= freed;
        return freed;
    }

    /// <summary>Gives back to the garbage collector what nobody wanted for a while, so that a phase that is over lets go of its buffers.</summary>
    private void Trim()
    {
        for (int i = 0; i < free.Length; i++)
        {
            if (free[i] is not { } stack) continue;
            for (; idle[i] > 0; idle[i]--)
            {
                var block = stack.Pop();
                freeBytes -= block.Capacity;
                block.User.Dispose();
            }
            idle[i] = stack.Count;
        }
    }

    /// <summary>Eight classes per octave, so at most an eighth of a block is unused.</summary>
    private static int SizeClassOf(int length, out int capacity)
    {
        int octave = 31 - int.LeadingZeroCount(length - 1 | Storage.PooledFrom - 1);
        int step = 1 << octave >> 3;
        long rounded = ((long)length + step - 1) / step * step;
        capacity = (int)Math.Min(rounded, Array.MaxLength - 4096);
        return (octave - 11) * 8 + (int)(rounded / step) - 9;
    }
}
