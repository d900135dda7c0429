using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cajal.Kernels;

namespace Cajal;

internal static partial class RandomFill
{
    /// <summary>Uniform in [low, high), 24 random bits each.</summary>
    public static void Uniform(GeneratorState at, Span<float> destination, float low, float high) =>
        Run(at, destination, new UniformSingle(low, high));

    /// <summary>Uniform in [low, high), 53 random bits each.</summary>
    public static void Uniform(GeneratorState at, Span<double> destination, double low, double high) =>
        Run(at, destination, new UniformDouble(low, high));

    /// <summary>Normal by Box and Muller's transform; the largest magnitude is 6.7 standard deviations.</summary>
    public static void Normal(GeneratorState at, Span<float> destination, float mean, float deviation) =>
        Run(at, destination, new NormalSingle(mean, deviation));

    /// <summary>Normal by Box and Muller's transform; the largest magnitude is 8.7 standard deviations.</summary>
    public static void Normal(GeneratorState at, Span<double> destination, double mean, double deviation) =>
        Run(at, destination, new NormalDouble(mean, deviation));

    /// <summary>1 with the given probability (to within 2^-33), else 0.</summary>
    public static void Bernoulli(GeneratorState at, Span<float> destination, double probability)
    {
        var threshold = (ulong)Math.Round(probability * (1ul << 32));
        if (threshold > uint.MaxValue) destination.Fill(1);
        else Run(at, destination, new BernoulliSingle((uint)threshold));
    }

    readonly struct UniformSingle(float low, float high) : IGroupKernel<float>
    {
        public static int Length => Draws32PerGroup;

        [MethodImpl(Kernel.Loop)]
        public void Fill(GeneratorState at, ulong group, Span<float> values)
        {
            var words = MemoryMarshal.Cast<float, uint>(values);
            Group32(at, group, words);
            // Rounding may carry low + u (high - low) up to high itself.
            var (scale, offset, limit) = (Vector.Create((high - low) / (1 << 24)), Vector.Create(low),
                Vector.Create(float.BitDecrement(high)));
            for (var i = 0; i < values.Length; i += Vector<float>.Count)
            {
                var bits = (Load<uint>(words, i) >>> 8).As<uint, int>();
                Store(Vector.MinNative(limit, Simd.MultiplyAdd(Vector.ConvertToSingle(bits), scale, offset)), values, i);
            }
        }
    }

    readonly struct UniformDouble(double low, double high) : IGroupKernel<double>
    {
        public static int Length => Draws64PerGroup;

        [MethodImpl(Kernel.Loop)]
        public void Fill(GeneratorState at, ulong group, Span<double> values)
        {
            var draws = MemoryMarshal.Cast<double, ulong>(values);
            Group64(at, group, draws);
            var (scale, offset, limit) = (Vector.Create((high - low) / (1L << 53)), Vector.Create(low),
                Vector.Create(double.BitDecrement(high)));
            for (var i = 0; i < values.Length; i += Vector<double>.Count)
            {
                var bits = (Load<ulong>(draws, i) >>> 11).As<ulong, long>();
                Store(Vector.MinNative(limit, Simd.MultiplyAdd(Vector.ConvertToDouble(bits), scale, offset)), values, i);
            }
        }
    }

    readonly struct NormalSingle(float mean, float deviation) : IGroupKernel<float>
    {
        public static int Length => Draws32PerGroup;

        [MethodImpl(Kernel.Loop)]
        public void Fill(GeneratorState at, ulong group, Span<float> values)
        {
            var words = MemoryMarshal.Cast<float, uint>(values);
            Group32(at, group, words);
            for (var row = 0; row < 4; row += 2)
            {
                var radii = values.Slice(row * Philox.GroupBlocks, Philox.GroupBlocks);
                var angles = values.Slice((row + 1) * Philox.GroupBlocks, Philox.GroupBlocks);
                for (var i = 0; i < radii.Length; i += Vector<float>.Count)
                {
                    var radiusBits = (Load<float>(radii, i).As<float, uint>() >>> 1).As<uint, int>();
                    var angleBits = (Load<float>(angles, i).As<float, uint>() >>> 8).As<uint, int>();
                    // The radius's number lies in [2^-32, 1]: never 0, whose logarithm is infinite.
                    var u = Simd.MultiplyAdd(Vector.ConvertToSingle(radiusBits), Vector.Create(1f / (1u << 31)),
                        Vector.Create(0.5f / (1u << 31)));
                    BoxMuller(u, Vector.ConvertToSingle(angleBits) * Vector.Create(1f / (1 << 24)), radii, angles, i, mean, deviation);
                }
            }
        }
    }

    readonly struct NormalDouble(double mean, double deviation) : IGroupKernel<double>
    {
        public static int Length => Draws64PerGroup;

        [MethodImpl(Kernel.Loop)]
        public void Fill(GeneratorState at, ulong group, Span<double> values)
        {
            Group64(at, group, MemoryMarshal.Cast<double, ulong>(values));
            var radii = values[..Philox.GroupBlocks];
            var angles = values[Philox.GroupBlocks..];
            var unit = Vector.Create(1.0 / (1L << 53));
            for (var i = 0; i < radii.Length; i += Vector<double>.Count)
            {
                var radiusBits = (Load<double>(radii, i).As<double, ulong>() >>> 11).As<ulong, long>();
                var angleBits = (Load<double>(angles, i).As<double, ulong>() >>> 11).As<ulong, long>();
                var u = Simd.MultiplyAdd(Vector.ConvertToDouble(radiusBits), unit, Vector.Create(0.5 / (1L << 53)));
                BoxMuller(u, Vector.ConvertToDouble(angleBits) * unit, radii, angles, i, mean, deviation);
            }
        }
    }

    /// <summary>Two independent normal numbers: √(−2 log u) times the cosine and sine of a uniform angle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void BoxMuller<T>(Vector<T> u, Vector<T> turns, Span<T> cosines, Span<T> sines, int offset, T mean, T deviation)
        where T : unmanaged
    {
        var radius = Simd.Sqrt(Simd.Constant<T>(-2) * Simd.Log(u)) * Vector.Create(deviation);
        var sine = Simd.SinCosTurns(turns, out var cosine);
        Store(Simd.MultiplyAdd(radius, cosine, Vector.Create(mean)), cosines, offset);
        Store(Simd.MultiplyAdd(radius, sine, Vector.Create(mean)), sines, offset);
    }

    readonly struct BernoulliSingle(uint threshold) : IGroupKernel<float>
    {
        public static int Length => Draws32PerGroup;

        [MethodImpl(Kernel.Loop)]
        public void Fill(GeneratorState at, ulong group, Span<float> values)
        {
            var words = MemoryMarshal.Cast<float, uint>(values);
            Group32(at, group, words);
            var (limit, one) = (Vector.Create(threshold), Vector.Create(1f).As<float, uint>());
            for (var i = 0; i < words.Length; i += Vector<uint>.Count) Store(Vector.LessThan(Load<uint>(words, i), limit) & one, words, i);
        }
    }
}
