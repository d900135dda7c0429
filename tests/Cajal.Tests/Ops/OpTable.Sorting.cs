namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Sorting()
    {
        foreach (bool descending in new[] { false, true })
        {
            foreach (int axis in new[] { -1, 0, 1 })
            {
                string variant = $"axis {axis}{(descending ? ", descending" : "")}";
                yield return View("Sort", x => x.Sort(axis, descending).Values, x => x.Lines(axis, line => [.. Order(line, descending).Select(i => line[i])]), Volumes) with { Variant = variant, Large = Of([40, 30, 50]) };
                yield return View("Sort", x => x.Sort(axis, descending).Indices, x => x.Lines(axis, line => [.. Order(line, descending).Select(i => (double)i)]), Volumes) with { Variant = $"{variant}, indices", Differentiable = false, Result = DType.Int64 };
                yield return new("ArgSort", x => x[0].ArgSort(axis, descending), x => x[0].Lines(axis, line => [.. Order(line, descending).Select(i => (double)i)]))
                {
                    // Few different whole numbers: most places are ties, so only a stable order passes.
                    Variant = $"{variant}, ties", Exact = true, Differentiable = false, Samples = [With(Whole(-2, 2, 3, 40)), With(Whole(-2, 2, 40, 3)), With(Whole(0, 3, 17, 17))],
                    Errors = [new(() => Tensor.Zeros(2, 3).ArgSort(2), "ArgSort", "axis 2 does not exist")],
                };
            }
            yield return View("TopK", x => x.TopK(2, 1, descending).Values, x => Shorter(x.Lines(1, line => [.. Order(line, descending).Take(2).Select(i => line[i])]), 2), [Of([2, 3, 2]), Of([1, 2, 1]), Of([3, 17, 5])]) with
            {
                Variant = descending ? "largest" : "smallest",
                Errors = [new(() => Tensor.Zeros(2, 3).TopK(4).Values, "TopK: 4 values cannot be taken from axis 1 of [2, 3], which has 3"), new(() => Tensor.Scalar(1f).TopK(1).Values, "TopK", "scalar")],
            };
        }
        foreach (double q in new[] { 0, 0.3, 0.5, 1 })
        {
            yield return new("Quantile", x => x[0].Quantile(q, 1, keepAxis: true), x => x[0].Reduce([1], true, line => Between(line, q)))
            {
                Variant = $"{q}", Samples = [Of([2, 3, 4]), Of([1, 5, 1]), Of([3, 1, 2]), Of([2, 17, 3])],
                Errors = [new(() => Tensor.Zeros(2, 3).Quantile(1.5, 0), "between 0 and 1"), new(() => Tensor.Zeros(2, 0).Quantile(0.5, 1), "Quantile", "axis 1 of [2, 0] is empty")],
            };
        }
        yield return new("Median", x => x[0].Median(0), x => x[0].Reduce([0], false, line => Between(line, 0.5))) { Samples = [Of([4, 3]), Of([5, 2]), Of([1, 1]), Of([17, 2])] };
        yield return new("Median", x => x[0].Median(), x => x[0].Reduce([], false, line => Between(line, 0.5))) { Variant = "of all", Samples = [Of([4, 3]), Of([5]), Of([17, 3])] };
        yield return new("Unique", x => x[0].Unique().Values, x => Vector([.. x[0].Values.Distinct().Order()])) { Exact = true, Differentiable = false, Samples = [With(Whole(-3, 3, 4, 5)), With(Whole(0, 1, 3)), With(Whole(0, 2, 0)), With(Whole(0, 9))] };
        yield return new("Unique", x => x[0].Unique().Inverse, x => x[0].Map(v => x[0].Values.Distinct().Count(w => w < v))) { Variant = "inverse", Exact = true, Differentiable = false, Samples = [With(Whole(-3, 3, 4, 5)), With(Whole(0, 1, 3)), With(Whole(0, 9))] };
        yield return new("Unique", x => x[0].Unique().Counts, x => Vector([.. x[0].Values.Distinct().Order().Select(v => (double)x[0].Values.Count(w => w == v))])) { Variant = "counts", Exact = true, Differentiable = false, Samples = [With(Whole(-3, 3, 4, 5)), With(Whole(0, 2, 0))] };
    }

    private static RefArray Vector(double[] values) => new([values.Length], values);

    /// <summary>LINQ's order is stable.</summary>
    private static IEnumerable<int> Order(double[] line, bool descending) =>
        descending ? Enumerable.Range(0, line.Length).OrderByDescending(i => line[i]) : Enumerable.Range(0, line.Length).OrderBy(i => line[i]);

    /// <summary>The first places along axis 1.</summary>
    private static RefArray Shorter(RefArray x, int length) => RefArray.Build([x.Shape[0], length, x.Shape[2]], i => x[i]);

    private static double Between(double[] line, double q)
    {
        double[] sorted = [.. line.Order()];
        double place = q * (line.Length - 1);
        int below = (int)place;
        return below == line.Length - 1 ? sorted[below] : sorted[below] * (1 - (place - below)) + sorted[below + 1] * (place - below);
    }
}
