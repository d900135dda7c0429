namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    private static int[][] AxisSets => [[], [0], [-1], [1], [0, 2], [0, 1, 2]];

    [OpFamily]
    private static IEnumerable<OpRow> Reductions()
    {
        foreach (var row in OverAxes("Sum", (x, axes, keep) => x.Sum(axes, keep), Enumerable.Sum)) yield return row;
        foreach (var row in OverAxes("Mean", (x, axes, keep) => x.Mean(axes, keep), Enumerable.Average, empty: false)) yield return row;
        foreach (var row in OverAxes("Max", (x, axes, keep) => x.Max(axes, keep), Enumerable.Max, empty: false)) yield return row with { Exact = true };
        foreach (var row in OverAxes("Min", (x, axes, keep) => x.Min(axes, keep), Enumerable.Min, empty: false)) yield return row with { Exact = true };
        foreach (var row in OverAxes("Prod", (x, axes, keep) => x.Prod(axes, keep), line => line.Aggregate(1.0, (a, b) => a * b), 0.9, 1.1)) yield return row with { Loose = 10 };
        foreach (var row in OverAxes("LogSumExp", (x, axes, keep) => x.LogSumExp(axes, keep), line => line.Max() + Math.Log(line.Sum(v => Math.Exp(v - line.Max()))), empty: false)) yield return row;
        foreach (double correction in (double[])[0, 1])
        {
            string variant = $"correction {correction}";
            foreach (var row in OverAxes("Var", (x, axes, keep) => x.Var(axes, correction, keep), line => Variance(line, correction), empty: false, variant: variant, shortest: 2)) yield return row;
            foreach (var row in OverAxes("Std", (x, axes, keep) => x.Std(axes, correction, keep), line => Math.Sqrt(Variance(line, correction)), empty: false, variant: variant, shortest: 2)) yield return row;
        }
        foreach (double p in (double[])[1, 2, 3, 0.5, double.PositiveInfinity, double.NegativeInfinity])
        {
            foreach (var row in OverAxes("Norm", (x, axes, keep) => x.Norm(p, axes, keep), line => NormOf(line, p), 0.3, 2, empty: false, variant: $"p {p}")) yield return row with { Loose = 10 };
        }
        yield return new("Norm", x => x[0].Norm(0), x => RefArray.Scalar(x[0].Values.Count(v => v != 0))) { Variant = "p 0", Differentiable = false, Samples = [Exactly([0, 1, -2, 0, -0.0])], Errors = [new(() => Tensor.Zeros(2).Norm(double.NaN), "Norm: p must be a number")] };
        yield return new("Norm", x => x[0].Norm(), x => RefArray.Scalar(0)) { Variant = "of nothing but zeros", Differentiable = false, Samples = [Exactly([0, 0])] };
        yield return new("Prod", x => x[0].Prod([-1]), x => x[0].Reduce([-1], false, line => line.Aggregate(1.0, (a, b) => a * b)))
        {
            // A zero, two zeros: the gradient is the product of the others.
            Variant = "zeros", Samples = [Exactly([2, 0, 3]), Exactly([0, 0, 3]), Exactly([0.0])],
        };
        yield return new("LogSumExp", x => x[0].LogSumExp(), x => x[0].Reduce([-1], false, line => line.Max() is var top && double.IsInfinity(top) ? top : line.Max() + Math.Log(line.Sum(v => Math.Exp(v - line.Max())))))
        {
            Variant = "edges", Differentiable = false, Samples = [Exactly([1e4, -1e4]), Exactly([double.NegativeInfinity, 3]), Exactly([double.NegativeInfinity, double.NegativeInfinity]), Exactly([1e4, 1e4])],
        };
        foreach (int axis in (int[])[0, -1])
        {
            OpSample[] samples = [.. Lengths.Select(n => Of([n])), Of([2, 3]), Of([3, 4, 2]), Of([2, 0, 3]), Of([5, 67])];
            yield return new("CumSum", x => x[0].CumSum(axis), x => x[0].Lines(axis, line => Running(line, (a, b) => a + b))) { Variant = $"axis {axis}", Samples = samples, Large = Of([300, 211]), Loose = 10 };
            yield return new("CumProd", x => x[0].CumProd(axis), x => x[0].Lines(axis, line => Running(line, (a, b) => a * b))) { Variant = $"axis {axis}", Samples = [Of(0.9, 1.2, [5]), Of(0.9, 1.2, [2, 3]), Of(0.9, 1.2, [3, 4, 2]), Of(0.9, 1.2, [5, 33])], Large = Of(0.99, 1.01, [300, 211]), Loose = 100 };
        }
        yield return new("CumProd", x => x[0].CumProd(0), x => x[0].Lines(0, line => Running(line, (a, b) => a * b))) { Variant = "zeros", Samples = [Exactly([2, 0, 3]), Exactly([0, 0, 3]), Exactly([3, 2, 0])], Errors = [new(() => Tensor.Zeros(2).CumSum(1), "CumSum", "axis 1 does not exist in [2]")] };
        yield return Found("ArgMax", x => x.ArgMax(1), line => Array.IndexOf(line, line.Max()));
        yield return Found("ArgMin", x => x.ArgMin(1), line => Array.IndexOf(line, line.Min()));
        yield return Found("MaxWithIndices", x => x.MaxWithIndices(1).Indices, line => Array.IndexOf(line, line.Max()));
        yield return Found("MinWithIndices", x => x.MinWithIndices(1).Indices, line => Array.IndexOf(line, line.Min()));
        yield return new("MaxWithIndices", x => x[0].MaxWithIndices(1).Values, x => x[0].Reduce([1], false, Enumerable.Max)) { Variant = "values", Exact = true, Samples = [Of([2, 3]), Of([3, 4, 2])] };
        yield return new("MinWithIndices", x => x[0].MinWithIndices(1).Values, x => x[0].Reduce([1], false, Enumerable.Min)) { Variant = "values", Exact = true, Samples = [Of([2, 3]), Of([3, 4, 2])] };
        foreach (int[] axes in AxisSets)
        {
            OpSample[] samples = [new(1, Truth(2, 3, 4)), new(2, Truth(3, 1, 2)), new(3, Truth(2, 0, 3)), new(4, Truth(1, 1, 1))];
            yield return new("Any", x => x[0].Any(axes), x => x[0].Reduce(axes, false, line => line.Any(v => v != 0) ? 1 : 0)) { Variant = $"axes [{string.Join(", ", axes)}]", Exact = true, Differentiable = false, Result = DType.Bool, Samples = samples };
            yield return new("All", x => x[0].All(axes, keepAxes: true), x => x[0].Reduce(axes, true, line => line.All(v => v != 0) ? 1 : 0)) { Variant = $"axes [{string.Join(", ", axes)}]", Exact = true, Differentiable = false, Result = DType.Bool, Samples = samples };
        }
    }

    private static OpRow Found(string name, Func<Tensor, Tensor> apply, Func<double[], int> reference) => new(name, x => apply(x[0]), x => x[0].Reduce([1], false, line => reference(line)))
    {
        Exact = true, Differentiable = false, Result = DType.Int64, Samples = [Of([2, 3]), Of([3, 4, 2]), Of([2, 67]), new(7, Few(3, 9)), Of([2, 1])], Errors = [new(() => apply(Tensor.Zeros(2, 0)), "[2, 0]")],
    };

    private static double Variance(double[] line, double correction) => line.Sum(v => (v - line.Average()) * (v - line.Average())) / (line.Length - correction);

    private static double NormOf(double[] line, double p) =>
        double.IsInfinity(p) ? p > 0 ? line.Max(Math.Abs) : line.Min(Math.Abs) : Math.Pow(line.Sum(v => Math.Pow(Math.Abs(v), p)), 1 / p);

    private static double[] Running(double[] line, Func<double, double, double> f)
    {
        double[] result = [.. line];
        for (int i = 1; i < result.Length; i++) result[i] = f(result[i - 1], result[i]);
        return result;
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
