namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    private static int[][] AxisSets => [[], [0], [-1], [1], [0, 2], [0, 1, 2]];

    [OpFamily]
    private static IEnumerable<OpRow> Reductions()
    {
        foreach (var row in OverAxes("Sum", (x, axes, keep) => x.Sum(axes, keep), Enumerable.Sum)) yield return row;
        foreach (var row in OverAxes("Mean", (x, axes, keep) => x.Mean(axes, keep), Enumerable.Average, empty: false)) yield return row;
    }

    /// <summary>A reduction, over every set of axes of a volume, and over vectors of every interesting length.</summary>
    internal static IEnumerable<OpRow> OverAxes(string name, Func<Tensor, int[], bool, Tensor> apply, Func<double[], double> reference, double low = -2, double high = 2, bool empty = true, string variant = "", int shortest = 1)
    {
        int[][] shapes = [[2, 3, 4], [3, 2, 2], [5, 17, 9], .. shortest > 1 ? (int[][])[] : [[1, 1, 1], [1, 5, 1], [3, 1, 65]], .. empty ? (int[][])[[2, 0, 3]] : []];
        foreach (var axes in AxisSets)
        {
            bool keep = axes.Length % 2 == 1;
            yield return new(name, x => apply(x[0], axes, keep), x => x[0].Reduce(axes, keep, reference))
            {
                Variant = $"{variant}{(variant.Length > 0 ? ", " : "")}axes [{string.Join(", ", axes)}]",
                Samples = [.. shapes.Select(shape => Of(low, high, shape))],
                Large = Of(low, high, [31, 33, 35]),
                Errors = [new(() => apply(Tensor.Ones(2, 3), [2], false), name, "axis 2 does not exist in [2, 3]"), new(() => apply(Tensor.Ones(2, 3), [1, -1], false), name, "twice")],
            };
        }
        yield return new(name, x => apply(x[0], [0], false), x => x[0].Reduce([0], false, reference))
        {
            Variant = $"{variant}{(variant.Length > 0 ? ", " : "")}vectors", Samples = [.. Lengths.Where(n => n >= (empty ? 0 : shortest)).Select(n => Of(low, high, [n])), Of(low, high, [5_000])], Large = Of(low, high, [50_021]),
        };
    }
}
