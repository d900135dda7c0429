namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Arranging()
    {
        yield return View("Flip", x => x.Flip(0, -1), x => RefArray.Build(x.Shape, i => x[x.Shape[0] - 1 - i[0], i[1], x.Shape[2] - 1 - i[2]]), Volumes) with
        {
            Large = Of([40, 30, 50]), Errors = [new(() => Tensor.Zeros(2, 3).Flip(2), "Flip", "axis 2 does not exist"), new(() => Tensor.Zeros(2, 3).Flip(1, -1), "Flip", "twice")],
        };
        yield return View("Roll", x => x.Roll([-1, 5], [0, -1]), x => RefArray.Build(x.Shape, i => x[(i[0] + 1) % x.Shape[0], (i[1] + 5 * x.Shape[1] - 5) % x.Shape[1]]), [Of([3, 4]), Of([1, 1]), Of([2, 0]), Of([5, 17])]) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Roll([1], [0, 1]), "Roll", "1 shifts and 2 axes")],
        };
        yield return View("Roll", x => x.Roll(4), x => new(x.Shape, [.. x.Values.Select((_, i) => x.Values[(i + 4 * x.Values.Length - 4) % x.Values.Length])]), Matrices) with { Variant = "flat" };
        yield return View("Repeat", x => x.Repeat(2, 1, 3), x => RefArray.Build([2, x.Shape[0], 3 * x.Shape[1]], i => x[i[1], i[2] % x.Shape[1]]), Matrices) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Repeat(2), "Repeat", "every axis needs one"), new(() => Tensor.Zeros(2).Repeat(-1), "-1 times")],
        };
        yield return View("RepeatInterleave", x => x.RepeatInterleave(3, 0), x => RefArray.Build([3 * x.Shape[0], x.Shape[1]], i => x[i[0] / 3, i[1]]), Matrices) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).RepeatInterleave(-1, 0), "RepeatInterleave", "-1 times")],
        };
        int[] sources = [0, 0, 2, 2, 2, 3];
        yield return View("RepeatInterleave", x => x.RepeatInterleave([2, 0, 3, 1], -1), x => RefArray.Build([x.Shape[0], 6], i => x[i[0], sources[i[1]]]), [Of([2, 4]), Of([0, 4])]) with
        {
            Variant = "each its own", Errors = [new(() => Tensor.Zeros(2, 3).RepeatInterleave([1, 2], 1), "3 positions, but 2 numbers")],
        };
        yield return View("Windows", x => x.Windows(3, 2, 1), x => RefArray.Build([x.Shape[0], (x.Shape[1] - 3) / 2 + 1, x.Shape[2], 3], i => x[i[0], 2 * i[1] + i[3], i[2]]), [Of([2, 5, 2]), Of([1, 3, 1]), Of([2, 8, 1]), Of([0, 3, 2])]) with
        {
            Errors = [new(() => Tensor.Zeros(2, 3).Windows(4), "Windows", "axis 1 of [2, 3] is shorter than a window of 4"), new(() => Tensor.Zeros(3).Windows(2, 0), "step")],
        };
        foreach (var row in Pads()) yield return row;
        foreach (int offset in new[] { 0, 2, -1 })
        {
            yield return View("Diagonal", x => x.Diagonal(offset, 2, 0), x => DiagonalOf(x, offset), Volumes) with { Variant = $"offset {offset}", Errors = [new(() => Tensor.Zeros(2, 3).Diagonal(0, 1, 1), "Diagonal", "two different axes")] };
            yield return View("DiagonalMatrix", x => x.DiagonalMatrix(offset), x => OnDiagonal(x, offset), Matrices) with { Variant = $"offset {offset}", Errors = [new(() => Tensor.Scalar(1f).DiagonalMatrix(), "scalar")] };
        }
        yield return View("Diag", x => x.Diag(-1), x => OnDiagonal(x, -1), [Of([3]), Of([1]), Of([0]), Of([17])]);
        yield return View("Diag", x => x.Diag(1), x => RefArray.Build([Math.Max(0, Math.Min(x.Shape[0], x.Shape[1] - 1))], i => x[i[0], i[0] + 1]), Matrices) with { Variant = "of a matrix" };
        yield return new("Trace", x => x[0].Trace(), x => RefArray.Build([x[0].Shape[0]], i => Enumerable.Range(0, Math.Min(x[0].Shape[1], x[0].Shape[2])).Sum(k => x[0][i[0], k, k]))) { Samples = Volumes };
        foreach (int diagonal in new[] { 0, 1, -2 })
        {
            yield return View("Tril", x => x.Tril(diagonal), x => RefArray.Build(x.Shape, i => i[2] - i[1] <= diagonal ? x[i] : 0), Volumes) with { Variant = $"diagonal {diagonal}", Errors = [new(() => Tensor.Zeros(3).Tril(), "Tril", "[3]")] };
            yield return View("Triu", x => x.Triu(diagonal), x => RefArray.Build(x.Shape, i => i[2] - i[1] >= diagonal ? x[i] : 0), Volumes) with { Variant = $"diagonal {diagonal}", Errors = [new(() => Tensor.Zeros(3).Triu(), "Triu", "[3]")] };
        }
        for (int which = 0; which < 3; which++)
        {
            int axis = which;
            yield return new("Meshgrid", x => Tensor.Meshgrid(x)[axis], x => RefArray.Build([.. x.Select(v => v.Shape[0])], i => x[axis][i[axis]]))
            {
                Variant = $"axis {axis}", Exact = true, Samples = [Of([2], [3], [4]), Of([1], [1], [1]), Of([2], [0], [3])], Errors = [new(() => Tensor.Meshgrid(Tensor.Zeros(2, 2))[0], "Meshgrid", "input 0 is [2, 2]")],
            };
        }
    }

    private static IEnumerable<OpRow> Pads()
    {
        (int, int)[] pads = [(1, 2), (2, 0)];
        OpSample[] samples = [Of([2, 3, 3]), Of([1, 4, 5]), Of([0, 3, 4]), Of([2, 17, 9])];
        // For a place outside, the place inside that it copies; -1 for none.
        (PadMode Mode, Func<int, int, int> Inside)[] modes =
        [
            (PadMode.Constant, (i, n) => i < 0 || i >= n ? -1 : i), (PadMode.Replicate, (i, n) => Math.Min(Math.Max(i, 0), n - 1)), (PadMode.Circular, (i, n) => (i + n) % n), (PadMode.Reflect, (i, n) => i < 0 ? -i : i >= n ? n - 1 - (i - (n - 1)) : i),
        ];
        foreach (var (mode, inside) in modes)
        {
            yield return View("Pad", x => x.Pad(pads, mode, -1.5), x => RefArray.Build([x.Shape[0], x.Shape[1] + 3, x.Shape[2] + 2], i =>
            {
                int row = inside(i[1] - 1, x.Shape[1]), column = inside(i[2] - 2, x.Shape[2]);
                return row < 0 || column < 0 ? -1.5 : x[i[0], row, column];
            }), samples) with { Variant = mode.ToString(), Large = Of([20, 50, 60]) };
        }
        yield return View("Pad", x => x.Pad([(-1, 1), (0, -2)]), x => RefArray.Build([x.Shape[0], x.Shape[1] - 2], i => i[0] + 1 < x.Shape[0] ? x[i[0] + 1, i[1]] : 0), [Of([3, 4]), Of([1, 2]), Of([5, 17])]) with
        {
            Variant = "cut",
            Errors =
            [
                new(() => Tensor.Zeros(2, 3).Pad([(3, 0)], PadMode.Reflect), "Pad: Reflect cannot add 3 positions to axis 1 of [2, 3], where 3 are left; at most 2 fit."), new(() => Tensor.Zeros(2, 3).Pad([(0, 4)], PadMode.Circular), "at most 3 fit"),
                new(() => Tensor.Zeros(3).Pad([(0, 0), (0, 0)]), "2 axes were to be padded", "[3]"), new(() => Tensor.Zeros(2, 3).Pad([(-2, -2)]), "cuts more from axis 1"),
            ],
        };
    }

    /// <summary>Rows run along the last axis, columns along the first; what remains is the middle one.</summary>
    private static RefArray DiagonalOf(RefArray x, int offset)
    {
        int length = Enumerable.Range(0, x.Shape[2]).Count(row => row + offset >= 0 && row + offset < x.Shape[0]), first = Math.Max(0, -offset);
        return RefArray.Build([x.Shape[1], length], i => x[i[1] + first + offset, i[0], i[1] + first]);
    }

    private static RefArray OnDiagonal(RefArray x, int offset)
    {
        int side = x.Shape[^1] + Math.Abs(offset);
        return RefArray.Build([.. x.Shape[..^1], side, side], i => i[^1] - i[^2] == offset ? x[[.. i[..^2], Math.Min(i[^1], i[^2])]] : 0);
    }
}
