using System.Runtime.InteropServices;

namespace Cajal.Tests.Kernels;

/// <summary>
/// Numbers whose first or last one lies at the edge of a page, beside one that may not be touched: a kernel that reads beyond takes the process down, as it might
/// at a user's. On Linux only; elsewhere <see cref="IsSupported"/> is false.
/// </summary>
internal sealed unsafe class Fenced<T> : IDisposable
    where T : unmanaged
{
    private readonly byte* start;
    private readonly nint length;

    internal Fenced(ReadOnlySpan<T> values, bool behind)
    {
        int page = Environment.SystemPageSize;
        nint inside = ((nint)values.Length * sizeof(T) + page - 1) / page * page;
        length = inside + 2 * page;
        start = Fences.Map(length);
        Fences.Forbid(start, page);
        Fences.Forbid(start + page + inside, page);
        Start = (T*)(start + page + (behind ? inside - (nint)values.Length * sizeof(T) : 0));
        values.CopyTo(new Span<T>(Start, values.Length));
    }

    internal T* Start { get; }

    internal static bool IsSupported => OperatingSystem.IsLinux();

    public void Dispose() => Fences.Unmap(start, length);
}

internal static unsafe partial class Fences
{
    private const int ReadAndWrite = 3, PrivateAndAnonymous = 0x22;

    internal static byte* Map(nint length)
    {
        nint start = Map(0, length, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        return start == -1 ? throw new OutOfMemoryException($"{length} bytes were not mapped") : (byte*)start;
    }

    internal static void Forbid(byte* start, nint length) => Assert.Equal(0, Protect((nint)start, length, 0));

    internal static void Unmap(byte* start, nint length) => Assert.Equal(0, Unmap((nint)start, length));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);
}
