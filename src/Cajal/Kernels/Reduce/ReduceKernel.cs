namespace Cajal.Kernels;

/// <summary>A named reduction for every arithmetic dtype, over the middle axis of [outer, length, inner].</summary>
internal abstract class ReduceKernel(string name)
{
    internal string Name { get; } = name;

    internal abstract void Run(ReadOnlySpan<float> x, Span<float> y, int outer, int length, int inner);
    internal abstract void Run(ReadOnlySpan<double> x, Span<double> y, int outer, int length, int inner);
    internal abstract void Run(ReadOnlySpan<long> x, Span<long> y, int outer, int length, int inner);
    internal abstract void Run(ReadOnlySpan<int> x, Span<int> y, int outer, int length, int inner);
}

/// <summary>The kernel of one operator struct.</summary>
internal sealed class ReduceKernel<TOperator>(string name, TOperator op = default) : ReduceKernel(name) where TOperator : struct, IReduceOperator
{
    internal override void Run(ReadOnlySpan<float> x, Span<float> y, int outer, int length, int inner) => Any(x, y, outer, length, inner);
    internal override void Run(ReadOnlySpan<double> x, Span<double> y, int outer, int length, int inner) => Any(x, y, outer, length, inner);
    internal override void Run(ReadOnlySpan<long> x, Span<long> y, int outer, int length, int inner) => Any(x, y, outer, length, inner);
    internal override void Run(ReadOnlySpan<int> x, Span<int> y, int outer, int length, int inner) => Any(x, y, outer, length, inner);

    private void Any<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner) where T : unmanaged
    {
        if (inner == 1) Reduce.Rows(x, y, length, op);
        else ReduceMiddle.Run(x, y, outer, length, inner, op);
    }
}
