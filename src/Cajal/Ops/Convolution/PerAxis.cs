namespace Cajal;

/// <summary>
/// A whole number for each spatial axis of a convolution or pooling: one number for all (<c>2</c>), or one each (<c>(2, 1)</c> for height and width).
/// </summary>
public readonly record struct PerAxis
{
    private readonly int count, first, second, third;

    private PerAxis(int count, int first, int second = 0, int third = 0)
    {
        this.count = count;
        this.first = first;
        this.second = second;
        this.third = third;
    }

    /// <summary>The same number for every axis.</summary>
    public static implicit operator PerAxis(int all) => new(1, all);

    /// <summary>Numbers for height and width.</summary>
    public static implicit operator PerAxis((int Height, int Width) axes) => new(2, axes.Height, axes.Width);

    /// <summary>Numbers for depth, height and width.</summary>
    public static implicit operator PerAxis((int Depth, int Height, int Width) axes) => new(3, axes.Depth, axes.Height, axes.Width);

    /// <summary>Numbers in the order of the axes: one for all, or one for each.</summary>
    /// <exception cref="ArgumentException">There are not one, two or three.</exception>
    public static PerAxis From(ReadOnlySpan<int> axes) => axes.Length switch
    {
        1 => axes[0],
        2 => (axes[0], axes[1]),
        3 => (axes[0], axes[1], axes[2]),
        _ => throw new ArgumentException($"PerAxis.From: one, two or three numbers are needed, not {axes.Length}.", nameof(axes)),
    };

    /// <summary>Whether a number was given at all; <c>default</c> leaves the choice to the operation.</summary>
    public bool IsGiven => count > 0;

    /// <summary>Itself, or not given where every number is 0.</summary>
    internal PerAxis UnlessZero => first == 0 && second == 0 && third == 0 ? default : this;

    /// <summary>What was given: nothing, one number for all axes, or one for each.</summary>
    public int[] ToArray() => count switch
    {
        0 => [],
        1 => [first],
        2 => [first, second],
        _ => [first, second, third],
    };

    /// <summary>One number for each of <paramref name="axes"/> axes.</summary>
    /// <exception cref="ShapeException">Another number of axes was given, or a number is below <paramref name="smallest"/>.</exception>
    internal int[] Resolve(string op, string name, int axes, int fallback, int smallest)
    {
        var values = new int[axes];
        if (count > 1 && count != axes) throw new ShapeException($"{op}: {name} {this} names {count} axes, but there {(axes == 1 ? "is 1 spatial axis" : $"are {axes} spatial axes")}.");
        for (int axis = 0; axis < axes; axis++)
        {
            values[axis] = count == 0 ? fallback : count == 1 || axis == 0 ? first : axis == 1 ? second : third;
            if (values[axis] < smallest) throw new ShapeException($"{op}: {name} must be at least {smallest}, not {this}.");
        }
        return values;
    }

    /// <summary>As written: <c>2</c> or <c>(2, 1)</c>.</summary>
    public override string ToString() => count switch
    {
        0 => "default",
        1 => $"{first}",
        2 => $"({first}, {second})",
        _ => $"({first}, {second}, {third})",
    };
}
