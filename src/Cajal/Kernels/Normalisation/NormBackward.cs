using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The gradients of <see cref="NormForward{T}"/>. With h = g w, n = (x - mean) s and s = 1/√(variance + ε):
/// dx = s (h - mean(h) - n mean(h n)), the middle term only where rows are centred; dw = Σ g n; db = Σ g.
/// </summary>
internal unsafe struct NormBackward<T> : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal NormGeometry Shape;
    internal T* G, X, Weight, Mean, Variance, Dx;

    /// <summary>Partial gradients [Partials, WeightsPerRow], added up by the caller; null where nobody asks.</summary>
    internal T* WeightGradient, BiasGradient;

    internal double Epsilon;
    internal bool Centre;

    internal void Run() => NormRows.Split(ref this, Shape.Partials, Shape.Count * Shape.Together);

    [MethodImpl(Kernel.Loop)]
    public readonly void Invoke(int start, int end)
    {
        for (int partial = start; partial < end; partial++)
        {
            T* dw = WeightGradient is null ? null : WeightGradient + (nint)partial * Shape.WeightsPerRow, db = BiasGradient is null ? null : BiasGradient + (nint)partial * Shape.WeightsPerRow;
            if (dw is not null) new Span<T>(dw, Shape.WeightsPerRow).Clear();
            if (db is not null) new Span<T>(db, Shape.WeightsPerRow).Clear();
            int last = Math.Min(Shape.Rows, (partial + 1) * Shape.Together);
            for (int row = partial * Shape.Together; row < last; row++) Row(row, dw, db);
        }
    }

    [MethodImpl(Kernel.Loop)]
    private readonly void Row(int row, T* dw, T* db)
    {
        nint offset = (nint)row * Shape.RowStride;
        T mean = Mean[row], scale = T.CreateTruncating(1 / Math.Sqrt(double.CreateTruncating(Variance[row]) + Epsilon));
        int first = row % Shape.Groups * Shape.WeightsPerRow;
        double sum = 0, product = 0;
        for (int piece = 0; piece < Shape.Pieces; piece++)
        {
            nint at = offset + (nint)piece * Shape.PieceStride;
            if (Shape.Weights == NormWeights.PerElement)
            {
                WeightedSums(G + at, X + at, mean, scale, dw, db, out double s, out double p);
                sum += s;
                product += p;
                continue;
            }
            Sums(G + at, X + at, mean, out double plain, out double moment);
            int index = Shape.Weights == NormWeights.PerPiece ? piece : 0;
            double weight = Weight is null ? 1 : double.CreateTruncating(Weight[first + index]);
            sum += weight * plain;
            product += weight * moment;
            if (dw is not null) dw[index] += T.CreateTruncating(moment * double.CreateTruncating(scale));
            if (db is not null) db[index] += T.CreateTruncating(plain);
        }
        if (Dx is null) return;
        double s2 = double.CreateTruncating(scale) * double.CreateTruncating(scale);
        T shift = Centre ? T.CreateTruncating(sum / Shape.Count) : T.Zero, slope = T.CreateTruncating(product * s2 / Shape.Count);
        for (int piece = 0; piece < Shape.Pieces; piece++)
        {
            nint at = offset + (nint)piece * Shape.PieceStride;
            int index = first + (Shape.Weights == NormWeights.PerPiece ? piece : 0);
            Apply(G + at, X + at, Dx + at, Shape.Weights == NormWeights.PerElement || Weight is null ? T.One : Weight[index], mean, scale, shift, slope);
        }
    }

    /// <summary>Σ g and Σ g (x - mean) of a run.</summary>
    [MethodImpl(Kernel.Loop)]
    private readonly void Sums(T* g, T* x, T mean, out double plain, out double moment)
    {
        Vector<T> centre = Vector.Create(mean), a = Vector<T>.Zero, b = a, c = a, d = a;
        int i = 0, lanes = Vector<T>.Count;
        for (; i <= Shape.Length - 2 * lanes; i += 2 * lanes)
        {
            Vector<T> g1 = Vector.Load(g + i), g2 = Vector.Load(g + i + lanes);
            a += g1;
            b += g2;
            c += g1 * (Vector.Load(x + i) - centre);
            d += g2 * (Vector.Load(x + i + lanes) - centre);
        }
        for (; i < Shape.Length; i += lanes)
        {
            int count = Math.Min(lanes, Shape.Length - i);
            var g1 = Tail.Load(g + i, count);
            a += g1;
            c += g1 * (Tail.Load(x + i, count, centre) - centre);
        }
        plain = double.CreateTruncating(Vector.Sum(a + b));
        moment = double.CreateTruncating(Vector.Sum(c + d));
    }

    /// <summary>Σ g w and Σ g w (x - mean) of a row, and its share of the gradients of weights and biases.</summary>
    [MethodImpl(Kernel.Loop)]
    private readonly void WeightedSums(T* g, T* x, T mean, T scale, T* dw, T* db, out double sum, out double product)
    {
        Vector<T> centre = Vector.Create(mean), factor = Vector.Create(scale), a = Vector<T>.Zero, b = a;
        int lanes = Vector<T>.Count;
        for (int i = 0; i < Shape.Length; i += lanes)
        {
            int count = Math.Min(lanes, Shape.Length - i);
            bool whole = count == lanes;
            Vector<T> gradient = whole ? Vector.Load(g + i) : Tail.Load(g + i, count);
            Vector<T> difference = (whole ? Vector.Load(x + i) : Tail.Load(x + i, count, centre)) - centre;
            if (dw is not null) Add(dw + i, gradient * difference * factor, count);
            if (db is not null) Add(db + i, gradient, count);
            if (Weight is not null) gradient *= whole ? Vector.Load(Weight + i) : Tail.Load(Weight + i, count);
            a += gradient;
            b += gradient * difference;
        }
        sum = double.CreateTruncating(Vector.Sum(a));
        product = double.CreateTruncating(Vector.Sum(b));
    }

    private static void Add(T* target, Vector<T> value, int count)
    {
        if (count == Vector<T>.Count) (Vector.Load(target) + value).Store(target);
        else Tail.Store(Tail.Load(target, count) + value, target, count);
    }

    [MethodImpl(Kernel.Loop)]
    private readonly void Apply(T* g, T* x, T* dx, T weight, T mean, T scale, T shift, T slope)
    {
        Vector<T> w = Vector.Create(weight), m = Vector.Create(mean), s = Vector.Create(scale), a = Vector.Create(shift), b = Vector.Create(slope);
        bool perElement = Shape.Weights == NormWeights.PerElement && Weight is not null;
        int i = 0, lanes = Vector<T>.Count;
        for (; i <= Shape.Length - lanes; i += lanes)
        {
            var gradient = Vector.Load(g + i) * (perElement ? Vector.Load(Weight + i) : w);
            (s * (gradient - a - (Vector.Load(x + i) - m) * b)).Store(dx + i);
        }
        int rest = Shape.Length - i;
        if (rest == 0) return;
        var last = Tail.Load(g + i, rest) * (perElement ? Tail.Load(Weight + i, rest) : w);
        Tail.Store(s * (last - a - (Tail.Load(x + i, rest) - m) * b), dx + i, rest);
    }
}
