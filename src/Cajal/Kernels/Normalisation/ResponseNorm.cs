using System.Numerics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Local response normalisation, an image at a time: y_c = x_c d_c^-β with d_c = k + a Σ x_j² over a window of channels, and its adjoint
/// dx_c = g_c d_c^-β - 2aβ x_c Σ g_j x_j d_j^(-β-1), where the window is turned round.
/// </summary>
/// <typeparam name="T">Element.</typeparam>
internal unsafe struct ResponseNorm<T> : IRangeBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double FastPower = 0.75;

    internal T* X, G, Y;
    internal int Channels, Plane, Before, Behind;
    internal double Scale, Beta, Constant;

    /// <summary>Forward into Y, or with a gradient G backward into Y.</summary>
    internal void Run(int images) => NormRows.Split(ref this, images, Channels * Plane);

    /// <inheritdoc/>
    public readonly void Invoke(int start, int end)
    {
        for (int image = start; image < end; image++)
        {
            nint offset = (nint)image * Channels * Plane;
            if (G == null) Forward(X + offset, Y + offset);
            else Backward(X + offset, G + offset, Y + offset);
        }
    }

    private readonly void Forward(T* x, T* y)
    {
        for (int c = 0; c < Channels; c++)
        {
            var (first, last) = (Math.Max(0, c - Before), Math.Min(Channels - 1, c + Behind));
            for (int p = 0; p < Plane; p += Vector<T>.Count)
            {
                int count = Math.Min(Vector<T>.Count, Plane - p);
                nint at = (nint)c * Plane + p;
                Store(Load(x + at, count) * Power(Divisor(x + p, first, last, count)), y + at, count);
            }
        }
    }

    private readonly void Backward(T* x, T* g, T* dx)
    {
        T* shares = (T*)Scratch.Take((nint)Channels * Plane * sizeof(T));
        for (int c = 0; c < Channels; c++)
        {
            var (first, last) = (Math.Max(0, c - Before), Math.Min(Channels - 1, c + Behind));
            for (int p = 0; p < Plane; p += Vector<T>.Count)
            {
                int count = Math.Min(Vector<T>.Count, Plane - p);
                nint at = (nint)c * Plane + p;
                var divisor = Divisor(x + p, first, last, count);
                var scaled = Load(g + at, count) * Power(divisor);
                Store(scaled, dx + at, count);
                Store(scaled * Load(x + at, count) / divisor, shares + at, count);
            }
        }
        var slope = new Vector<T>(T.CreateTruncating(-2 * Scale * Beta));
        for (int c = 0; c < Channels; c++)
        {
            var (first, last) = (Math.Max(0, c - Behind), Math.Min(Channels - 1, c + Before));
            for (int p = 0; p < Plane; p += Vector<T>.Count)
            {
                int count = Math.Min(Vector<T>.Count, Plane - p);
                nint at = (nint)c * Plane + p;
                var sum = Vector<T>.Zero;
                for (int j = first; j <= last; j++) sum += Load(shares + (nint)j * Plane + p, count);
                Store(Load(dx + at, count) + slope * Load(x + at, count) * sum, dx + at, count);
            }
        }
    }

    /// <summary>Lanes beyond the plane hold the divisor of zeros.</summary>
    private readonly Vector<T> Divisor(T* x, int first, int last, int count)
    {
        var sum = Vector<T>.Zero;
        for (int j = first; j <= last; j++)
        {
            var value = Load(x + (nint)j * Plane, count);
            sum += value * value;
        }
        return new Vector<T>(T.CreateTruncating(Constant)) + new Vector<T>(T.CreateTruncating(Scale)) * sum;
    }

    /// <summary>d^-β; that of the paper by two roots.</summary>
    private readonly Vector<T> Power(Vector<T> divisor)
    {
        if (Beta != FastPower) return Simd.Exp(new Vector<T>(T.CreateTruncating(-Beta)) * Simd.Log(divisor));
        var root = Vector.SquareRoot(divisor);
        return Vector<T>.One / (root * Vector.SquareRoot(root));
    }

    private static Vector<T> Load(T* source, int count) => count == Vector<T>.Count ? Vector.Load(source) : Tail.Load(source, count);

    private static void Store(Vector<T> value, T* target, int count)
    {
        if (count == Vector<T>.Count) Vector.Store(value, target);
        else Tail.Store(value, target, count);
    }
}
