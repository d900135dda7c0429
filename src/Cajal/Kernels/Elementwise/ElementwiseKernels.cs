namespace Cajal.Kernels;

/// <summary>
/// A named unary function for every arithmetic dtype. A device backend recognises it by <see cref="Name"/>; the CPU calls <c>Run</c>.
/// </summary>
internal abstract class UnaryKernel(string name)
{
    internal string Name { get; } = name;

    internal abstract void Run(ReadOnlySpan<float> x, Span<float> y);
    internal abstract void Run(ReadOnlySpan<double> x, Span<double> y);
    internal abstract void Run(ReadOnlySpan<long> x, Span<long> y);
    internal abstract void Run(ReadOnlySpan<int> x, Span<int> y);
}

/// <summary>The kernel of one operator struct.</summary>
internal sealed class UnaryKernel<TOperator>(string name, TOperator op = default) : UnaryKernel(name) where TOperator : struct, IUnaryOperator
{
    internal override void Run(ReadOnlySpan<float> x, Span<float> y) => Unary.Run(x, y, op);
    internal override void Run(ReadOnlySpan<double> x, Span<double> y) => Unary.Run(x, y, op);
    internal override void Run(ReadOnlySpan<long> x, Span<long> y) => Unary.Run(x, y, op);
    internal override void Run(ReadOnlySpan<int> x, Span<int> y) => Unary.Run(x, y, op);
}

/// <summary>A named binary function for every arithmetic dtype.</summary>
internal abstract class BinaryKernel(string name)
{
    internal string Name { get; } = name;

    internal abstract void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z, in BinaryWalk walk);
    internal abstract void Run(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z, in BinaryWalk walk);
    internal abstract void Run(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> z, in BinaryWalk walk);
    internal abstract void Run(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> z, in BinaryWalk walk);
}

/// <summary>The kernel of one operator struct.</summary>
internal sealed class BinaryKernel<TOperator>(string name, TOperator op = default) : BinaryKernel(name) where TOperator : struct, IBinaryOperator
{
    internal override void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z, in BinaryWalk walk) =>
        Binary.RunRows(x, y, z, walk, op);

    internal override void Run(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z, in BinaryWalk walk) =>
        Binary.RunRows(x, y, z, walk, op);

    internal override void Run(ReadOnlySpan<long> x, ReadOnlySpan<long> y, Span<long> z, in BinaryWalk walk) =>
        Binary.RunRows(x, y, z, walk, op);

    internal override void Run(ReadOnlySpan<int> x, ReadOnlySpan<int> y, Span<int> z, in BinaryWalk walk) =>
        Binary.RunRows(x, y, z, walk, op);
}
