using System.Runtime.InteropServices;

namespace Cajal.Kernels;

/// <summary>Working memory of one thread, kept between calls, so that a kernel's scratch is neither allocated nor collected in a training loop.</summary>
internal unsafe ref struct Scratch<T> where T : unmanaged
{
    [ThreadStatic]
    private static byte[]? kept;

    private byte[]? rented;

    internal Scratch(int length)
    {
        long bytes = (long)length * sizeof(T);
        if (bytes == 0) return;
        rented = kept;
        // While rented it is not in the slot, so a nested user takes memory of its own.
        kept = null;
        if (rented is null || rented.Length < bytes + 64) rented = GC.AllocateUninitializedArray<byte>(checked((int)bytes + 64), pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(rented, 0);
        Pointer = (T*)((address + 63) & ~63);
    }

    internal T* Pointer { get; }

    public void Dispose()
    {
        if (rented is not null) kept = rented;
        rented = null;
    }
}
