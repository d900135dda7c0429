namespace Cajal;

/// <summary>
/// Limits the bytes that tensors made on this thread may take, from now until it is disposed: for programs of strangers, whose sizes are their own. Ops allocate on the thread
/// that calls them; only their kernels spread.
/// </summary>
internal sealed class AllocationBudget : IDisposable
{
    [ThreadStatic]
    private static AllocationBudget? current;

    private readonly AllocationBudget? outer = current;
    private readonly long limit;
    private long left;

    internal AllocationBudget(long bytes)
    {
        limit = left = bytes;
        current = this;
    }

    /// <summary>To be called before memory for a tensor is taken.</summary>
    /// <exception cref="ShapeException">The budget does not suffice.</exception>
    internal static void Spend(long bytes) => current?.Take(bytes);

    private void Take(long bytes)
    {
        outer?.Take(bytes);
        if ((left -= bytes) < 0) throw new ShapeException($"Tensor: {bytes:N0} bytes more would exceed the {limit:N0} that are allowed here.");
    }

    public void Dispose() => current = outer;
}
