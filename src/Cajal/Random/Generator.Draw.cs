namespace Cajal;

public sealed partial class Generator
{
    /// <summary>Uniform numbers in [low, high), 24 random bits each.</summary>
    public void FillUniform(Span<float> destination, float low = 0, float high = 1)
    {
        CheckBounds(low, high, high - low);
        RandomFill.Uniform(Reserve(destination.Length), destination, low, high);
    }

    /// <summary>Uniform numbers in [low, high), 53 random bits each.</summary>
    public void FillUniform(Span<double> destination, double low = 0, double high = 1)
    {
        CheckBounds(low, high, high - low);
        RandomFill.Uniform(Reserve(destination.Length), destination, low, high);
    }

    /// <summary>Normal numbers, up to 6.7 standard deviations out.</summary>
    public void FillNormal(Span<float> destination, float mean = 0, float deviation = 1) =>
        RandomFill.Normal(Reserve(destination.Length), destination, mean, deviation);

    /// <summary>Normal numbers, up to 8.7 standard deviations out.</summary>
    public void FillNormal(Span<double> destination, double mean = 0, double deviation = 1) =>
        RandomFill.Normal(Reserve(destination.Length), destination, mean, deviation);

    /// <summary>1 with the given probability, else 0.</summary>
    public void FillBernoulli(Span<float> destination, double probability)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Bernoulli: the probability must lie between 0 and 1.");
        RandomFill.Bernoulli(Reserve(destination.Length), destination, probability);
    }

    /// <summary>Whole numbers in [low, high), equally likely to within 2^-32.</summary>
    public void FillIntegers(Span<int> destination, int low, int high)
    {
        CheckBounds(low, high, 1);
        RandomFill.Integers(Reserve(destination.Length), destination, low, high);
    }

    /// <summary>Whole numbers in [low, high), equally likely to within 2^-64.</summary>
    public void FillIntegers(Span<long> destination, long low, long high)
    {
        if (low >= high) throw Empty(low, high);
        RandomFill.Integers(Reserve(destination.Length), destination, low, high);
    }

    /// <summary>A uniform number in [0, 1).</summary>
    public double NextUniform() => RandomFill.ToUnit(RandomFill.Draw64(Reserve(1)));

    /// <summary>A standard normal number.</summary>
    public double NextNormal()
    {
        Span<double> value = stackalloc double[1];
        FillNormal(value);
        return value[0];
    }

    /// <summary>A whole number in [0, n).</summary>
    public int NextInt(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        return (int)RandomFill.ToIndex(RandomFill.Draw64(Reserve(1)), (ulong)n);
    }

    private static void CheckBounds(double low, double high, double range)
    {
        if (!(low < high)) throw Empty(low, high);
        if (!double.IsFinite(range))
            throw new ArgumentException($"Uniform: the range from {low} to {high} is too wide; high - low must be finite.");
    }

    private static ArgumentException Empty<T>(T low, T high) => new($"Random: low must be below high, but low is {low} and high is {high}.");
}
