namespace Cajal.Tests.Ops;

/// <summary>A row-major array of doubles, with the naive loops that references are written in. It shares no code with the library.</summary>
public sealed record RefArray(int[] Shape, double[] Values)
{
    public int Rank => Shape.Length;

    public double this[params int[] index]
    {
        get => Values[Position(index)];
        set => Values[Position(index)] = value;
    }

    /// <summary>Calls <paramref name="value"/> with every index of the shape.</summary>
    public static RefArray Build(int[] shape, Func<int[], double> value)
    {
        var result = Zeros(shape);
        int at = 0;
        foreach (var index in Indices(shape)) result.Values[at++] = value(index);
        return result;
    }

    public static RefArray Zeros(params int[] shape) => new(shape, new double[shape.Aggregate(1, (product, length) => product * length)]);

    public static RefArray Scalar(double value) => new([], [value]);

    /// <summary>All indices of a shape, in row-major order; each is a fresh array.</summary>
    public static IEnumerable<int[]> Indices(int[] shape)
    {
        int count = shape.Aggregate(1, (product, length) => product * length);
        for (int position = 0; position < count; position++)
        {
            var index = new int[shape.Length];
            int rest = position;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            yield return index;
        }
    }

    public RefArray Map(Func<double, double> f) => new(Shape, Array.ConvertAll(Values, v => f(v)));

    /// <summary>f(a, b) with axes aligned at the end and lengths of 1 repeated.</summary>
    public static RefArray Zip(RefArray a, RefArray b, Func<double, double, double> f) =>
        Build(Broadcast(a.Shape, b.Shape), index => f(a.AtBroadcast(index), b.AtBroadcast(index)));

    public static int[] Broadcast(int[] a, int[] b)
    {
        var shape = new int[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            shape[^i] = left == 1 ? right : left;
        }
        return shape;
    }

    /// <summary>The element that stands at an index of a broadcast shape.</summary>
    public double AtBroadcast(int[] index)
    {
        var own = new int[Rank];
        for (int i = 1; i <= Rank; i++) own[^i] = Shape[^i] == 1 ? 0 : index[^i];
        return this[own];
    }

    /// <summary>Feeds the values along the axes (all when none is named), in row-major order, to <paramref name="f"/>.</summary>
    public RefArray Reduce(int[] axes, bool keepAxes, Func<double[], double> f)
    {
        var gone = new bool[Rank];
        foreach (int axis in axes) gone[axis < 0 ? axis + Rank : axis] = true;
        if (axes.Length == 0) Array.Fill(gone, true);
        int[] kept = [.. Shape.Select((length, axis) => gone[axis] ? 1 : length)];
        int[] inside = [.. Shape.Select((length, axis) => gone[axis] ? length : 1)];
        var result = Build(kept, outer => f([.. Indices(inside).Select(inner => this[[.. outer.Zip(inner, (o, i) => o + i)]])]));
        return keepAxes ? result : new([.. Shape.Where((_, axis) => !gone[axis])], result.Values);
    }

    /// <summary>Replaces every line along an axis by f(line), of the same length.</summary>
    public RefArray Lines(int axis, Func<double[], double[]> f)
    {
        axis = axis < 0 ? axis + Rank : axis;
        var result = Zeros(Shape);
        int[] starts = [.. Shape.Select((length, i) => i == axis ? Math.Min(1, length) : length)];
        foreach (var start in Indices(starts))
        {
            var line = f([.. Enumerable.Range(0, Shape[axis]).Select(i => this[Moved(start, i)])]);
            for (int i = 0; i < line.Length; i++) result[Moved(start, i)] = line[i];
        }
        return result;

        int[] Moved(int[] index, int to) => [.. index.Select((v, i) => i == axis ? to : v)];
    }

    public RefArray Reshape(params int[] shape) => new(shape, Values);

    private int Position(int[] index)
    {
        int position = 0;
        for (int axis = 0; axis < Rank; axis++) position = position * Shape[axis] + index[axis];
        return position;
    }
}
