using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Onnx;

/// <summary>What follows a product, done in its own memory while that is still near: y = max(y + bias, 0), or without one of both.</summary>
internal static class Epilogue
{
    /// <summary>Below this many numbers another thread costs more than it brings.</summary>
    private const int Grain = 1 << 14;

    /// <summary>Rectifies in place; NaN stays.</summary>
    internal static unsafe void Rectify(Span<float> y)
    {
        fixed (float* start = y)
        {
            var body = new Rectifier { Y = start };
            WorkerPool.For(y.Length, Grain, ref body);
        }
    }

    private unsafe struct Rectifier : IRangeBody
    {
        internal float* Y;

        [MethodImpl(Cajal.Kernels.Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int i = start, lanes = Vector<float>.Count;
            for (; i <= end - lanes; i += lanes) Vector.Max(Vector.Load(Y + i), Vector<float>.Zero).Store(Y + i);
            for (; i < end; i++) Y[i] = Max(Y[i], true);
        }
    }

    /// <summary>Sums of 8-bit products as reals: y = sum · scale + bias for one output's positions, rectified if wanted.</summary>
    [MethodImpl(Cajal.Kernels.Kernel.Loop)]
    internal static void Scale(ReadOnlySpan<int> sums, float scale, float bias, bool rectify, Span<float> y)
    {
        Vector<float> factor = new(scale), shift = new(bias), floor = new(rectify ? 0 : float.NegativeInfinity);
        int i = 0, lanes = Vector<float>.Count;
        for (; i <= y.Length - lanes; i += lanes) Vector.Max(Vector.ConvertToSingle(new Vector<int>(sums[i..])) * factor + shift, floor).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = Max(sums[i] * scale + bias, rectify);
    }

    /// <summary>As <see cref="Scale"/>, with a scale and a bias for each place of a row.</summary>
    [MethodImpl(Cajal.Kernels.Kernel.Loop)]
    internal static void ScaleRow(ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, bool rectify, Span<float> y)
    {
        var floor = new Vector<float>(rectify ? 0 : float.NegativeInfinity);
        int i = 0, lanes = Vector<float>.Count;
        for (; i <= y.Length - lanes; i += lanes) Vector.Max(Vector.ConvertToSingle(new Vector<int>(sums[i..])) * new Vector<float>(scales[i..]) + new Vector<float>(bias[i..]), floor).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = Max(sums[i] * scales[i] + bias[i], rectify);
    }

    /// <summary>x in steps of <paramref name="scale"/>, rounded half to even and limited, with the zero point taken off again: whole numbers around 0.</summary>
    [MethodImpl(Cajal.Kernels.Kernel.Loop)]
    internal static void Quantise(ReadOnlySpan<float> x, float scale, int zero, Span<int> y)
    {
        Vector<float> step = new(scale), least = new(-zero), most = new(255 - zero), magic = new(12582912f); // 1.5 · 2^23: adding it rounds to whole numbers
        int i = 0, lanes = Vector<float>.Count;
        for (; i <= y.Length - lanes; i += lanes)
        {
            var steps = Vector.Min(Vector.Max(new Vector<float>(x[i..]) / step, least), most);
            Vector.ConvertToInt32(steps + magic - magic).CopyTo(y[i..]);
        }
        for (; i < y.Length; i++) y[i] = (int)MathF.Round(Math.Clamp(x[i] / scale, -zero, 255 - zero));
    }

    private static float Max(float value, bool rectify) => rectify ? MathF.Max(value, 0) : value;
}
