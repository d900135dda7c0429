using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>How the methods that loop over elements are compiled.</summary>
internal static class Kernel
{
    /// <summary>
    /// Optimised from the first call, and on its own: inlined into a small caller, a long loop overruns what the compiler will inline in turn,
    /// and the caller's second compilation would run it with calls in its innermost loop (measured: gelu eight times slower).
    /// </summary>
    internal const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
