using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cajal.Kernels;

/// <summary>Per-thread working memory, 64-byte aligned, kept for the next kernel on the same thread.</summary>
internal static unsafe class Scratch
{
    private const int Alignment = 64;

    [ThreadStatic] private static byte[]? inner;
    [ThreadStatic] private static byte[]? outer;

    /// <summary>At least <paramref name="bytes"/> bytes of unspecified content, valid until this thread asks again. Matrix products ask.</summary>
    internal static byte* Take(nint bytes) => Take(ref inner, bytes);

    /// <summary>The same for a kernel that calls matrix products on its way: valid until this thread asks for outer memory again.</summary>
    internal static byte* TakeOuter(nint bytes) => Take(ref outer, bytes);

    private static byte* Take(ref byte[]? buffer, nint bytes)
    {
        if (buffer is null || buffer.Length < bytes + Alignment)
        {
            // Pinned, so the address outlives this call; the thread-static keeps it alive.
            buffer = GC.AllocateUninitializedArray<byte>(checked((int)(bytes + Alignment)), pinned: true);
        }
        if (BufferPool.SpoilsFree) buffer.AsSpan().Fill(0xFF);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(buffer));
        return (byte*)((address + Alignment - 1) & -Alignment);
    }
}
