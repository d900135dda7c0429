namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    /// <summary>4 x 5 with an empty row, an empty column, a full row and entries named out of order.</summary>
    private static readonly (int Row, int Column)[] FewPlaces = [(3, 1), (0, 4), (0, 0), (2, 3), (2, 0), (2, 1), (2, 4), (0, 1)];

    private static readonly (int Row, int Column)[] ManyPlaces =
        [.. from row in Enumerable.Range(0, 300) from column in Enumerable.Range(0, 200) where (row * 31 + column * 17) % 23 == 0 select (row, column)];

    [OpFamily]
    private static IEnumerable<OpRow> Sparse()
    {
        SparsePattern few = SparsePattern.From(4, 5, FewPlaces), many = SparsePattern.From(300, 200, ManyPlaces), none = SparsePattern.From(2, 3, []);
        int count = few.Count;
        yield return new("SparseMatMul", x => Tensor.SparseMatMul(x[0].Shape[0] == count ? few : many, x[0], x[1]), x => Product(x[0].Shape[0] == count ? FewPlaces : ManyPlaces, x[0].Shape[0] == count ? 4 : 300, x[0], x[1]))
        {
            Samples = [Of([count], [5, 1]), Of([count], [5, 3]), Of([count], [5, 0]), Of([count], [5, 17]), Of([count, 1], [5, 2]), Of([count, 2], [5, 4]), Of([count, 3], [5, 33])],
            Large = Of([many.Count, 2], [200, 130]),
            Errors =
            [
                new(() => Tensor.SparseMatMul(few, Tensor.Zeros(3), Tensor.Zeros(5, 2)), "SparseMatMul: values must be [8] or [8, heads], one for each entry of the pattern, but are [3]."),
                new(() => Tensor.SparseMatMul(few, Tensor.Zeros(8), Tensor.Zeros(4, 2)), "SparseMatMul: x must be [5, F], a row for each of the columns of the pattern, but is [4, 2]."),
                new(() => Tensor.SparseMatMul(few, Tensor.Zeros(8, 2), Tensor.Zeros(5, 3)), "the 3 columns of x do not divide into 2 heads"),
            ],
        };
        yield return new("SparseMatMul", x => Tensor.SparseMatMul(none, x[0], x[1]), x => RefArray.Zeros(2, x[1].Shape[1])) { Variant = "without entries", Samples = [Of([0], [3, 4]), Of([0, 2], [3, 4])] };
        yield return new("SampledMatMul", x => Tensor.SampledMatMul(x[0].Shape[0] == 4 ? few : many, x[0], x[1]), x => Sampled(x[0].Shape[0] == 4 ? FewPlaces : ManyPlaces, x[0], x[1], 0))
        {
            Samples = [Of([4, 1], [5, 1]), Of([4, 3], [5, 3]), Of([4, 17], [5, 17]), Of([4, 0], [5, 0])], Large = Of([300, 65], [200, 65]),
            Errors =
            [
                new(() => Tensor.SampledMatMul(few, Tensor.Zeros(5, 2), Tensor.Zeros(5, 2)), "SampledMatMul: a must be [4, F], a row for each of the rows of the pattern, but is [5, 2]."),
                new(() => Tensor.SampledMatMul(few, Tensor.Zeros(4, 2), Tensor.Zeros(5, 3)), "SampledMatMul", "must have as many columns"),
            ],
        };
        yield return new("SampledMatMul", x => Tensor.SampledMatMul(few, x[0], x[1], 2), x => Sampled(FewPlaces, x[0], x[1], 2)) { Variant = "two heads", Samples = [Of([4, 2], [5, 2]), Of([4, 4], [5, 4]), Of([4, 34], [5, 34])] };
        yield return new("SparseSoftmax", x => Tensor.SparseSoftmax(x[0].Shape[0] == count ? few : many, x[0]), x => RowSoftmax(x[0].Shape[0] == count ? FewPlaces : ManyPlaces, x[0]))
        {
            Samples = [Of([count]), Of([count, 1]), Of([count, 3]), Exactly([1e4, -1e4, 0, 5, 1e4, 1e4, double.NegativeInfinity, 2])], Large = Of([many.Count, 3]),
            Errors = [new(() => Tensor.SparseSoftmax(few, Tensor.Zeros(8, 2, 2)), "SparseSoftmax: values must be [8] or [8, heads]")],
        };
    }

    private static (int Row, int Column)[] InOrder((int Row, int Column)[] places) => [.. places.Order()];

    private static double ValueOf(RefArray values, int entry, int head) => values.Rank == 1 ? values[entry] : values[entry, head];

    private static RefArray Product((int Row, int Column)[] places, int rows, RefArray values, RefArray x)
    {
        int width = x.Shape[1], each = width / (values.Rank == 1 ? 1 : values.Shape[1]);
        var (y, sorted) = (RefArray.Zeros(rows, width), InOrder(places));
        for (int e = 0; e < sorted.Length; e++)
        {
            for (int c = 0; c < width; c++) y[sorted[e].Row, c] += ValueOf(values, e, c / each) * x[sorted[e].Column, c];
        }
        return y;
    }

    private static RefArray Sampled((int Row, int Column)[] places, RefArray a, RefArray b, int heads)
    {
        var sorted = InOrder(places);
        int each = a.Shape[1] / Math.Max(1, heads);
        double At(int e, int head) => Enumerable.Range(head * each, each).Sum(c => a[sorted[e].Row, c] * b[sorted[e].Column, c]);
        return heads == 0 ? RefArray.Build([sorted.Length], i => At(i[0], 0)) : RefArray.Build([sorted.Length, heads], i => At(i[0], i[1]));
    }

    private static RefArray RowSoftmax((int Row, int Column)[] places, RefArray values)
    {
        var sorted = InOrder(places);
        return RefArray.Build(values.Shape, i =>
        {
            int head = i.Length == 1 ? 0 : i[1];
            double[] row = [.. Enumerable.Range(0, sorted.Length).Where(e => sorted[e].Row == sorted[i[0]].Row).Select(e => ValueOf(values, e, head))];
            double top = row.Max();
            return Math.Exp(ValueOf(values, i[0], head) - top) / row.Sum(v => Math.Exp(v - top));
        });
    }
}
