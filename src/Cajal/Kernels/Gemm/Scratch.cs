namespace Cajal.Kernels;

/// <summary>Per-thread packing memory, 64-byte aligned, kept for the next product on the same thread.</summary>
internal static unsafe class Scratch
{
    const int Alignment = 64;

    [ThreadStatic] static byte[]? _buffer;

    /// <summary>At least <paramref name="bytes"/> bytes of unspecified content, valid until this thread asks again.</summary>
    internal static byte* Take(nint bytes)
    {
        byte[]? buffer = _buffer;
        if (buffer is null || buffer.Length < bytes + Alignment)
        {
            // Pinned, so the address outlives this call; the thread-static keeps it alive.
            _buffer = buffer = GC.AllocateUninitializedArray<byte>(checked((int)(bytes + Alignment)), pinned: true);
        }
        nint address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(buffer));
        return (byte*)((address + Alignment - 1) & -Alignment);
    }
}
