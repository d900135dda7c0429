namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    private static OpSample[] Matrices => [Of([3, 4]), Of([1, 1]), Of([2, 0]), Of([5, 17])];

    private static OpSample[] Volumes => [Of([2, 3, 4]), Of([1, 5, 1]), Of([2, 0, 3]), Of([2, 17, 9])];

    [OpFamily]
    private static IEnumerable<OpRow> ShapeOps()
    {
        yield return View("Reshape", x => x.Reshape(-1, x.Shape[0]), x => x.Reshape(x.Values.Length / x.Shape[0], x.Shape[0]), Volumes) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Reshape(4, 2), "Reshape", "[2, 3]", "6", "[4, 2]"), new(() => Tensor.Zeros(2, 3).Reshape(-1, -1), "only one -1")],
        };
        yield return View("Flatten", x => x.Flatten(1), x => x.Reshape(x.Shape[0], x.Shape[1] * x.Shape[2]), Volumes) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Flatten(1, 0), "Flatten", "must not come after")],
        };
        yield return View("Unflatten", x => x.Unflatten(1, 2, 3), x => x.Reshape(x.Shape[0], 2, 3, x.Shape[2]), [Of([2, 6, 2]), Of([0, 6, 1])]);
        yield return View("Unsqueeze", x => x.Unsqueeze(-2), x => x.Reshape(x.Shape[0], 1, x.Shape[1]), Matrices) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Unsqueeze(4), "Unsqueeze", "[2, 3]")],
        };
        yield return View("Squeeze", x => x.Squeeze(1), x => x.Reshape(x.Shape[0], x.Shape[2]), [Of([3, 1, 4]), Of([1, 1, 1]), Of([0, 1, 2])]) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Squeeze(1), "Squeeze", "axis 1", "length 3")],
        };
        yield return View("Permute", x => x.Permute(2, 0, 1), x => RefArray.Build([x.Shape[2], x.Shape[0], x.Shape[1]], i => x[i[1], i[2], i[0]]), Volumes) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Permute(0, 0), "Permute", "twice"), new(() => Tensor.Zeros(2, 3).Permute(0), "Permute", "rank 2")],
        };
        yield return View("Transpose", x => x.Transpose(0, 2), x => RefArray.Build([x.Shape[2], x.Shape[1], x.Shape[0]], i => x[i[2], i[1], i[0]]), Volumes) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Transpose(0, 2), "Transpose", "axis 2 does not exist")],
        };
        yield return View("T", x => x.T, x => RefArray.Build([x.Shape[0], x.Shape[2], x.Shape[1]], i => x[i[0], i[2], i[1]]), Volumes);
        yield return View("Expand", x => x.Expand(3, -1, 4), x => RefArray.Build([3, x.Shape[0], 4], i => x[i[1], 0]), [Of([2, 1]), Of([0, 1]), Of([17, 1])]) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Expand(2, 4), "Expand", "[2, 3]", "[2, 4]")],
        };
        yield return View("SumTo", x => x.SumTo([1, x.Shape[2]]), x => x.Reduce([0, 1], false, Enumerable.Sum).Reshape(1, x.Shape[2]), Volumes) with { Exact = false };
        yield return View("Narrow", x => x.Narrow(1, 1, 2, 2), x => RefArray.Build([x.Shape[0], 2], i => x[i[0], 1 + 2 * i[1]]), [Of([3, 4]), Of([2, 9]), Of([0, 5])]) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Narrow(1, 2, 2), "Narrow", "axis 1", "[2, 3]"), new(() => Tensor.Zeros(2, 3).Narrow(1, 0, 1, 0), "step")],
        };
        yield return View("Select", x => x.Select(1, -1), x => RefArray.Build([x.Shape[0]], i => x[i[0], x.Shape[1] - 1]), [Of([3, 4]), Of([1, 1]), Of([0, 5])]) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Select(1, 3), "Select", "index 3", "axis 1")],
        };
        yield return View("Slice", x => x.Slice(1.., ..^1), x => RefArray.Build([x.Shape[0] - 1, x.Shape[1] - 1], i => x[i[0] + 1, i[1]]), [Of([3, 4]), Of([1, 1]), Of([5, 17])]) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Slice(.., 2..5), "Slice", "axis 1")],
        };
        yield return View("Split", x => Tensor.Concat(x.Split(2, 1).Reverse().ToArray(), 1), Backwards, [Of([3, 5]), Of([2, 4])]) with { Variant = "size" };
        yield return View("Split", x => Tensor.Concat(x.Split([2, x.Shape[1] - 2], 1).Reverse().ToArray(), 1), x => RefArray.Build(x.Shape, i => x[i[0], (i[1] + 2) % x.Shape[1]]), [Of([3, 5]), Of([2, 4])]) with
        {
            Variant = "sizes", Errors = [new(() => Tensor.Zeros(2, 3).Split([1, 1], 1)[0], "Split", "add up to 2", "length 3")],
        };
        yield return View("Chunk", x => Tensor.Concat(x.Chunk((x.Shape[1] + 1) / 2, 1).Reverse().ToArray(), 1), Backwards, [Of([3, 5]), Of([2, 4])]);
        yield return new("Concat", x => Tensor.Concat(x, 1), x => RefArray.Build([x[0].Shape[0], x[0].Shape[1] + x[1].Shape[1]], i => i[1] < x[0].Shape[1] ? x[0][i] : x[1][i[0], i[1] - x[0].Shape[1]]))
        {
            Exact = true, Samples = [Of([2, 3], [2, 4]), Of([2, 0], [2, 1]), Of([0, 3], [0, 2]), Of([3, 9], [3, 8])],
            Errors = [new(() => Tensor.Concat([Tensor.Zeros(2, 3), Tensor.Zeros(3, 3)], 1), "Concat", "axis 1", "[2, 3]", "[3, 3]"), new(() => Tensor.Concat([]), "at least one")],
        };
        yield return new("Stack", x => Tensor.Stack(x, 1), x => RefArray.Build([x[0].Shape[0], 2, x[0].Shape[1]], i => x[i[1]][i[0], i[2]]))
        {
            Exact = true, Samples = [Of([2, 3], [2, 3]), Of([0, 3], [0, 3]), Of([3, 9], [3, 9])],
        };
        yield return View("Cast", x => x.Cast(DType.Float64), x => x, Matrices) with { Result = DType.Float64 };
        yield return View("Cast", x => x.Cast(DType.Int32), x => x.Map(Math.Truncate), Matrices) with { Variant = "whole", Differentiable = false };
        yield return View("Contiguous", x => x.T.Contiguous(), x => RefArray.Build([x.Shape[1], x.Shape[0]], i => x[i[1], i[0]]), Matrices);
        yield return View("Clone", x => x.Clone(), x => x, Matrices);
    }

    /// <summary>Pairs of columns, the last pair (or the lone last column) first.</summary>
    private static RefArray Backwards(RefArray x)
    {
        int columns = x.Shape[1];
        var order = Enumerable.Range(0, columns).GroupBy(i => i / 2).Reverse().SelectMany(pair => pair).ToArray();
        return RefArray.Build(x.Shape, i => x[i[0], order[i[1]]]);
    }

    private static OpRow View(string name, Func<Tensor, Tensor> apply, Func<RefArray, RefArray> reference, OpSample[] samples) =>
        new(name, x => apply(x[0]), x => reference(x[0])) { Samples = samples, Exact = true };
}
