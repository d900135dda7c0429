using System.Globalization;

namespace Cajal.Tests;

/// <summary>
/// How far a result may be from its reference: |actual - expected| ≤ Relative · |expected| + Absolute · max(1, S), where S is the largest
/// finite |expected| of the array. The second term is there because a sum that cancels carries the rounding error of its terms,
/// not of its result.
/// NaN must meet NaN, an infinity the same infinity.
/// </summary>
public readonly record struct Tolerance(double Relative, double Absolute)
{
    /// <summary>A looser one, for an algorithm that is known to lose digits; say why where it is used.</summary>
    public Tolerance Times(double factor) => new(Relative * factor, Absolute * factor);

    /// <param name="actual">The value to judge.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="scale">The largest finite magnitude of the array that <paramref name="expected"/> is from.</param>
    public bool Accepts(double actual, double expected, double scale = 0)
    {
        if (double.IsNaN(expected) || double.IsInfinity(expected))
        {
            return actual.Equals(expected);
        }

        return Math.Abs(actual - expected) <= (Relative * Math.Abs(expected)) + (Absolute * Math.Max(1, scale));
    }

    /// <summary>Fails the test with the worst value's place and size.</summary>
    public void Check(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, string what)
    {
        if (Explain(actual, expected) is { } problem)
        {
            Assert.Fail($"{what}: {problem}");
        }
    }

    /// <inheritdoc cref="Check(ReadOnlySpan{double}, ReadOnlySpan{double}, string)"/>
    public void Check(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, string what)
    {
        var wide = new double[actual.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = actual[i];
        }

        Check(wide, expected, what);
    }

    internal string? Explain(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
        {
            return $"{actual.Length} values where {expected.Length} are expected.";
        }

        var scale = 0.0;
        foreach (var e in expected)
        {
            scale = double.IsFinite(e) ? Math.Max(scale, Math.Abs(e)) : scale;
        }

        int wrong = 0, worst = -1;
        var worstError = -1.0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (Accepts(actual[i], expected[i], scale))
            {
                continue;
            }

            wrong++;
            var error = Math.Abs(actual[i] - expected[i]);
            error = double.IsNaN(error) ? double.PositiveInfinity : error;
            if (error > worstError)
            {
                (worst, worstError) = (i, error);
            }
        }

        if (wrong == 0)
        {
            return null;
        }

        var allowed = string.Create(CultureInfo.InvariantCulture, $"relative {Relative:G3}, absolute {Absolute:G3}");
        var values = string.Create(CultureInfo.InvariantCulture, $"{actual[worst]:R} where {expected[worst]:R} is expected");
        return $"{wrong} of {expected.Length} values differ; the worst, at {worst}, is {values} ({allowed}).";
    }
}

/// <summary>The one place for tolerances. A test that needs another one says why beside <see cref="Tolerance.Times"/>.</summary>
public static class Tolerances
{
    /// <summary>Same bits in, same value out: integers, booleans, copies, reordering.</summary>
    public static readonly Tolerance Exact = new(0, 0);

    /// <summary>Fixtures carry 13 significant digits, and a different summation order costs a few units in the last place.</summary>
    public static readonly Tolerance Float64 = new(1e-10, 1e-12);

    /// <summary>About 80 units in the last place relative, 16 of the array's scale absolute.</summary>
    public static readonly Tolerance Float32 = new(1e-5, 2e-6);

    /// <summary>Storage only: one rounding, half a unit of 2^-10.</summary>
    public static readonly Tolerance Float16 = new(1.0 / 2048, 1e-7);

    /// <summary>Storage only: one rounding, half a unit of 2^-7.</summary>
    public static readonly Tolerance BFloat16 = new(1.0 / 256, 1e-38);

    /// <summary>A float64 gradient against central differences with a step near 1e-5.</summary>
    public static readonly Tolerance GradientCheck = new(1e-6, 1e-8);

    /// <summary>A float64 second derivative against central differences of the first.</summary>
    public static readonly Tolerance SecondGradientCheck = new(1e-5, 1e-7);

    /// <summary>The tolerance of a dtype by its name, in any casing: <c>For("Float32")</c>.</summary>
    public static Tolerance For(string dtype) => dtype.ToLowerInvariant() switch
    {
        "float64" => Float64,
        "float32" => Float32,
        "float16" => Float16,
        "bfloat16" => BFloat16,
        "int64" or "int32" or "bool" => Exact,
        _ => throw new ArgumentException($"No tolerance is set for the dtype \"{dtype}\".", nameof(dtype)),
    };
}
