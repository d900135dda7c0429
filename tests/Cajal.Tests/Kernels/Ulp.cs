using System.Numerics;

namespace Cajal.Tests.Kernels;

/// <summary>Errors in units in the last place, and the inputs to look for them at.</summary>
internal static class Ulp
{
    /// <summary>
    /// The distance of a float from the exact value, in ULPs of the exact value; infinite where one is NaN or infinite and the other
    /// not.
    /// </summary>
    public static double Error(float actual, double exact)
    {
        if (double.IsNaN(exact) || float.IsNaN(actual)) return double.IsNaN(exact) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        var rounded = (float)exact;
        if (float.IsInfinity(rounded) || float.IsInfinity(actual)) return rounded == actual ? 0 : double.PositiveInfinity;
        var magnitude = MathF.Abs(rounded);
        var unit = magnitude < 2.3509887e-38f ? 1.401298464324817e-45 : Math.ScaleB(1, Math.ILogB(Math.Abs(exact)) - 23);
        return Math.Abs(actual - exact) / unit;
    }

    /// <summary>How many doubles lie between the two.</summary>
    public static double Error(double actual, double reference)
    {
        if (double.IsNaN(reference) || double.IsNaN(actual))
            return double.IsNaN(reference) && double.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (actual == reference) return 0;
        if (double.IsInfinity(reference) || double.IsInfinity(actual)) return double.PositiveInfinity;
        return Math.Abs((double)((Int128)Ordered(actual) - Ordered(reference)));
    }

    private static long Ordered(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        return bits < 0 ? long.MinValue - bits : bits;
    }

    /// <summary>
    /// Every magnitude of both signs between the bounds, evenly in the logarithm, then evenly in value, then the special values inside.
    /// </summary>
    public static double[] Sweep(double low, double high, int count = 200_000)
    {
        var values = new List<double>();
        var least = Math.Max(1e-320, Math.Max(low > 0 ? low : 0, high < 0 ? -high : 0));
        var most = Math.Max(Math.Abs(low), Math.Abs(high));
        var (from, to) = (Math.Log(least), Math.Log(most));
        for (var i = 0; i < count; i++)
        {
            // An irrational stride lands on mantissas of every kind.
            var magnitude = Math.Exp(from + (to - from) * (i * 0.6180339887498949 % 1));
            values.Add(magnitude);
            values.Add(-magnitude);
            values.Add(low + (high - low) * (i * 0.7548776662466927 % 1));
        }

        values.AddRange([0, -0.0, 1, -1, 0.5, -0.5, low, high, float.Epsilon, double.Epsilon, float.MaxValue, double.MaxValue]);
        return [.. values.Where(v => v >= low && v <= high)];
    }

    /// <summary>Applies a vector function to all values, in order.</summary>
    public static T[] Map<T>(Func<Vector<T>, Vector<T>> function, T[] x) where T : unmanaged
    {
        var result = new T[x.Length];
        var buffer = new T[Vector<T>.Count];
        for (var start = 0; start < x.Length; start += buffer.Length)
        {
            var length = Math.Min(buffer.Length, x.Length - start);
            Array.Copy(x, start, buffer, 0, length);
            var y = function(new Vector<T>(buffer));
            for (var lane = 0; lane < length; lane++) result[start + lane] = y[lane];
        }

        return result;
    }

    public static (double Error, float At) Worst(Func<Vector<float>, Vector<float>> function,
        Func<double, double> exact, double low, double high)
    {
        var x = Array.ConvertAll(Sweep(Math.Max(low, -float.MaxValue), Math.Min(high, float.MaxValue)), v => (float)v);
        var y = Map(function, x);
        return Enumerable.Range(0, x.Length).Select(i => (Error(y[i], exact(x[i])), x[i])).MaxBy(pair => pair.Item1);
    }

    public static (double Error, double At) Worst(Func<Vector<double>, Vector<double>> function,
        Func<double, double> exact, double low, double high)
    {
        var x = Sweep(low, high);
        var y = Map(function, x);
        return Enumerable.Range(0, x.Length).Select(i => (Error(y[i], exact(x[i])), x[i])).MaxBy(pair => pair.Item1);
    }
}
