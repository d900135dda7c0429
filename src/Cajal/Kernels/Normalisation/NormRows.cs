using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>How normalisation is shared among threads.</summary>
internal static class NormRows
{
    internal static void Split<TBody>(ref TBody body, int items, int elementsPerItem) where TBody : struct, IRangeBody
    {
        if (items == 0) return;
        if ((long)items * elementsPerItem < Unary.Grain) body.Invoke(0, items);
        else WorkerPool.For(items, Math.Max(1, Unary.Grain / 4 / Math.Max(1, elementsPerItem)), ref body);
    }
}
