using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>y = (x - mean) / √(variance + ε) · w + b for each row; without centring, the mean is 0 and the variance the mean square.</summary>
internal unsafe struct NormForward<T> : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sums are taken in T over so many elements, then in double.</summary>
    private const int Block = 4096;

    internal NormGeometry Shape;
    internal T* X, Y, Weight, Bias, Mean, Variance;
    internal double Epsilon;
    internal bool Centre;

    internal void Run() => NormRows.Split(ref this, Shape.Rows, Shape.Count);

    [MethodImpl(Kernel.Loop)]
    public readonly void Invoke(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            T* x = X + (nint)row * Shape.RowStride;
            T mean = Centre ? T.CreateTruncating(Sum(x) / Shape.Count) : T.Zero;
            double variance = SumOfSquares(x, mean) / Shape.Count;
            Mean[row] = mean;
            Variance[row] = T.CreateTruncating(variance);
            Apply(row, x, mean, T.CreateTruncating(1 / Math.Sqrt(variance + Epsilon)));
        }
    }

    [MethodImpl(Kernel.Loop)]
    private readonly double Sum(T* x)
    {
        double total = 0;
        for (int piece = 0; piece < Shape.Pieces; piece++, x += Shape.PieceStride)
        {
            for (int block = 0; block < Shape.Length; block += Block)
            {
                int end = Math.Min(Shape.Length, block + Block), i = block, lanes = Vector<T>.Count;
                Vector<T> a = Vector<T>.Zero, b = a, c = a, d = a;
                for (; i <= end - 4 * lanes; i += 4 * lanes)
                {
                    a += Vector.Load(x + i);
                    b += Vector.Load(x + i + lanes);
                    c += Vector.Load(x + i + 2 * lanes);
                    d += Vector.Load(x + i + 3 * lanes);
                }
                for (; i <= end - lanes; i += lanes) a += Vector.Load(x + i);
                if (i < end) b += Tail.Load(x + i, end - i);
                total += double.CreateTruncating(Vector.Sum(a + b + (c + d)));
            }
        }
        return total;
    }

    [MethodImpl(Kernel.Loop)]
    private readonly double SumOfSquares(T* x, T mean)
    {
        double total = 0;
        var centre = Vector.Create(mean);
        for (int piece = 0; piece < Shape.Pieces; piece++, x += Shape.PieceStride)
        {
            for (int block = 0; block < Shape.Length; block += Block)
            {
                int end = Math.Min(Shape.Length, block + Block), i = block, lanes = Vector<T>.Count;
                Vector<T> a = Vector<T>.Zero, b = a, c = a, d = a;
                for (; i <= end - 4 * lanes; i += 4 * lanes)
                {
                    Vector<T> first = Vector.Load(x + i) - centre, second = Vector.Load(x + i + lanes) - centre;
                    Vector<T> third = Vector.Load(x + i + 2 * lanes) - centre, fourth = Vector.Load(x + i + 3 * lanes) - centre;
                    a = Simd.MultiplyAdd(first, first, a);
                    b = Simd.MultiplyAdd(second, second, b);
                    c = Simd.MultiplyAdd(third, third, c);
                    d = Simd.MultiplyAdd(fourth, fourth, d);
                }
                for (; i <= end - lanes; i += lanes)
                {
                    var difference = Vector.Load(x + i) - centre;
                    a += difference * difference;
                }
                if (i < end)
                {
                    var difference = Tail.Load(x + i, end - i, centre) - centre;
                    b += difference * difference;
                }
                total += double.CreateTruncating(Vector.Sum(a + b + (c + d)));
            }
        }
        return total;
    }

    [MethodImpl(Kernel.Loop)]
    private readonly void Apply(int row, T* x, T mean, T scale)
    {
        T* y = Y + (x - X);
        int first = row % Shape.Groups * Shape.WeightsPerRow;
        for (int piece = 0; piece < Shape.Pieces; piece++, x += Shape.PieceStride, y += Shape.PieceStride)
        {
            if (Shape.Weights == NormWeights.PerElement)
            {
                ApplyWeights(x, y, mean, scale);
                continue;
            }
            int at = first + (Shape.Weights == NormWeights.PerPiece ? piece : 0);
            T factor = Weight is null ? scale : scale * Weight[at], shift = Bias is null ? T.Zero : Bias[at];
            Vector<T> m = Vector.Create(mean), f = Vector.Create(factor), s = Vector.Create(shift);
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= Shape.Length - lanes; i += lanes) ((Vector.Load(x + i) - m) * f + s).Store(y + i);
            if (i < Shape.Length) Tail.Store((Tail.Load(x + i, Shape.Length - i) - m) * f + s, y + i, Shape.Length - i);
        }
    }

    [MethodImpl(Kernel.Loop)]
    private readonly void ApplyWeights(T* x, T* y, T mean, T scale)
    {
        Vector<T> m = Vector.Create(mean), s = Vector.Create(scale);
        int i = 0, lanes = Vector<T>.Count, rest = Shape.Length % lanes;
        for (; i <= Shape.Length - lanes; i += lanes)
        {
            var value = (Vector.Load(x + i) - m) * s;
            if (Weight is not null) value *= Vector.Load(Weight + i);
            if (Bias is not null) value += Vector.Load(Bias + i);
            value.Store(y + i);
        }
        if (rest == 0) return;
        var last = (Tail.Load(x + i, rest) - m) * s;
        if (Weight is not null) last *= Tail.Load(Weight + i, rest);
        if (Bias is not null) last += Tail.Load(Bias + i, rest);
        Tail.Store(last, y + i, rest);
    }
}
