namespace Cajal.Backends;

/// <summary>
/// Counts multiply-accumulates while somebody on this thread summarises a network: of matrix products and convolutions, in whichever layer or function they happen.
/// Ops run on the thread that calls them; only their kernels spread.
/// </summary>
internal sealed class ProductCounter : IDisposable
{
    [ThreadStatic]
    private static ProductCounter? current;

    private readonly ProductCounter? outer = current;
    private readonly Action<long, Tensor, Tensor> seen;

    /// <summary>Begins to count; <paramref name="seen"/> is told of each product and its operands.</summary>
    internal ProductCounter(Action<long, Tensor, Tensor> seen)
    {
        this.seen = seen;
        current = this;
    }

    /// <summary>To be called by every op that multiplies and accumulates.</summary>
    internal static void Count(long products, Tensor left, Tensor right) => current?.seen(products, left, right);

    public void Dispose() => current = outer;
}
