using System.Numerics;
using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>
/// GELU in float32 and its derivative against the double-precision normal distribution (which <see cref="ErfTests"/> holds against 60 digits): the pieces that AVX-512
/// reads from a table, and, in the processes of the other SIMD tiers, the products with Φ.
/// </summary>
public sealed class GeluTests
{
    private static readonly float[] Points = Array.ConvertAll(
        (double[])[.. Ulp.Sweep(-12, 12, 15_000), .. Ulp.Sweep(-1e30, 1e30, 1_000), .. Ulp.Sweep(-0.01, 0.01, 1_000), .. Centres()], x => (float)x);

    private static readonly double[] Phi = Ulp.Map<double>(Simd.NormalCdf, Array.ConvertAll(Points, x => (double)x));

    /// <summary>Where pieces meet, on both sides and on the seam.</summary>
    private static IEnumerable<double> Centres()
    {
        foreach (float width in new[] { 0.4f, 0.42f })
        {
            for (int piece = 0; piece <= 15; piece++)
            {
                float seam = (piece + 0.5f) * width;
                for (int i = -3; i <= 3; i++)
                {
                    yield return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(seam) + i);
                    yield return -BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(seam) + i);
                }
            }
        }
    }

    [Fact]
    public void ValuesStayWithinTheStatedErrors()
    {
        float[] y = Tensor.From(Points, Points.Length).Gelu().ToArray<float>();
        for (int i = 0; i < y.Length; i++)
        {
            double x = Points[i], exact = x * Phi[i], error = Math.Abs(y[i] - exact);
            if (Vector512.IsHardwareAccelerated)
            {
                Assert.True(error <= Unit(x), $"gelu({x:R}) = {y[i]:R}, not {exact:R}: {error / Unit(x):F2} units of x");
                if (x < 0) Assert.True(error <= (x >= -5.8 ? 7e-5 * -exact + float.Epsilon : 2e-8), $"gelu({x:R}) = {y[i]:R}, not {exact:R}");
            }
            else Assert.True(error <= 5.5 * Unit(exact), $"gelu({x:R}) = {y[i]:R}, not {exact:R}: {error / Unit(exact):F2} units in the last place");
        }
    }

    [Fact]
    public void SlopesStayWithinTheStatedError()
    {
        var input = Tensor.From(Points, Points.Length).WithGrad();
        input.Gelu().Backward(Tensor.Ones(Points.Length));
        float[] slope = input.Grad!.ToArray<float>();
        for (int i = 0; i < slope.Length; i++)
        {
            double x = Points[i], exact = Phi[i] + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI), error = Math.Abs(slope[i] - exact);
            Assert.True(error <= 1.5e-7, $"gelu'({x:R}) = {slope[i]:R}, not {exact:R}: off by {error:G3}");
        }
    }

    [Fact]
    public void EndsOfTheRange()
    {
        float[] x = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 0, -0f, float.Epsilon];
        var input = Tensor.From(x, x.Length).WithGrad();
        var value = input.Gelu();
        value.Backward(Tensor.Ones(x.Length));
        float[] y = value.ToArray<float>(), slope = input.Grad!.ToArray<float>();
        // Without the table, -∞ is multiplied by Φ(-∞) = 0.
        float beyond = Vector512.IsHardwareAccelerated ? 0 : float.NaN;
        Assert.Equal([float.NaN, float.PositiveInfinity, beyond, float.MaxValue, 0, 0, 0], y[..7]);
        Assert.InRange(y[7], 0, float.Epsilon);
        Assert.True(float.IsNaN(slope[0]));
        Assert.Equal([1f, 0, 0.5f, 0.5f, 0.5f], slope[3..]);
        if (Vector512.IsHardwareAccelerated) Assert.Equal([1f, 0], slope[1..3]);
    }

    /// <summary>x 2ⁿ, rounded once: through every exponent that <c>Exp</c> may ask for, beyond both ends of the range.</summary>
    [Fact]
    public void ScalingRoundsOnce()
    {
        float[] singles = [1, -1, 0.70710678f, 1.9999999f, -1.2345678f, 1.0000001f, 0, -0f, float.NaN, float.PositiveInfinity];
        for (int n = -160; n <= 130; n++)
        {
            foreach (float x in singles)
            {
                float exact = (float)Math.ScaleB(x, n);
                Same(exact, Simd.Scale(new Vector<float>(x), new Vector<float>(n))[0], $"{x:R} 2^{n}");
                if (Vector512.IsHardwareAccelerated) Same(exact, Simd512.Scale(Vector512.Create(x), Vector512.Create((float)n))[15], $"{x:R} 2^{n}, 512 bits");
            }
        }
        double[] doubles = [1, -1, Math.Sqrt(0.5), 2 - 1e-15, -1.2345678901234567, 1 + 3e-16, 0, -0.0, double.NaN, double.NegativeInfinity];
        for (int n = -1080; n <= 1030; n++)
        {
            foreach (double x in doubles)
            {
                double exact = Math.ScaleB(x, n);
                Same(exact, Simd.Scale(new Vector<double>(x), new Vector<double>(n))[0], $"{x:R} 2^{n}");
                if (Vector512.IsHardwareAccelerated) Same(exact, Simd512.Scale(Vector512.Create(x), Vector512.Create((double)n))[7], $"{x:R} 2^{n}, 512 bits");
            }
        }

        static void Same(double expected, double actual, string what)
        {
            bool same = double.IsNaN(expected) ? double.IsNaN(actual) : BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual);
            if (!same) Assert.Fail($"{what} is {actual:R}, not {expected:R}");
        }
    }

    /// <summary>The distance between floats around a number.</summary>
    private static double Unit(double x) => Math.Max(float.Epsilon, Math.ScaleB(1, Math.ILogB(Math.Max(float.Epsilon, Math.Abs(x))) - 23));
}
