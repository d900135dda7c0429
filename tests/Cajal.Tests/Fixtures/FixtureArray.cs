namespace Cajal.Tests.Fixtures;

/// <summary>One array of a fixture: dtype name, shape, values in row-major order.</summary>
public sealed class FixtureArray
{
    private readonly long[]? integers;

    private FixtureArray(string dtype, int[] shape, double[] values, long[]? integers)
    {
        DType = dtype;
        Shape = shape;
        Values = values;
        this.integers = integers;
    }

    /// <summary>"float64", "int64" or "bool".</summary>
    public string DType { get; }

    /// <summary>Empty for a scalar.</summary>
    public int[] Shape { get; }

    /// <summary>The values as doubles, whatever the dtype; true is 1.</summary>
    public double[] Values { get; }

    public int Count => Values.Length;

    public bool IsFloating => DType == "float64";

    /// <summary>The values of an int64 or bool array.</summary>
    public long[] Integers => integers ?? throw new FixtureException($"This array {this} holds no integers. Read Values instead?");

    /// <summary>The values of a bool array.</summary>
    public bool[] Booleans => DType == "bool"
        ? Array.ConvertAll(Integers, v => v != 0)
        : throw new FixtureException($"This array {this} holds no booleans. Read Values or Integers instead?");

    /// <summary>The values rounded to float32.</summary>
    public float[] Singles => Array.ConvertAll(Values, v => (float)v);

    public static FixtureArray OfDoubles(int[] shape, double[] values) => new("float64", shape, Counted("float64", shape, values), null);

    public static FixtureArray OfIntegers(string dtype, int[] shape, long[] values)
    {
        if (dtype == "bool" && Array.Exists(values, v => v is not (0 or 1)))
        {
            throw new FixtureException("A bool array holds 0 and 1 only.");
        }

        return new(dtype, shape, Counted(dtype, shape, Array.ConvertAll(values, v => (double)v)), values);
    }

    public override string ToString() => $"{DType} [{string.Join(", ", Shape)}]";

    private static double[] Counted(string dtype, int[] shape, double[] values)
    {
        if (Array.Exists(shape, n => n < 0))
        {
            throw new FixtureException($"The shape [{string.Join(", ", shape)}] has a negative axis.");
        }

        var count = shape.Aggregate(1L, (product, n) => product * n);
        return count == values.Length
            ? values
            : throw new FixtureException(
                $"An array {dtype} [{string.Join(", ", shape)}] needs {count} values, but {values.Length} are given.");
    }
}
