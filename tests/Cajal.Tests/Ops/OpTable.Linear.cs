namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Linear()
    {
        yield return new("MatMul", x => x[0].MatMul(x[1]), x => Product(x[0], x[1]))
        {
            Samples =
            [
                Of([2, 3], [3, 2]), Of([1, 1], [1, 1]), Of([3, 0], [0, 2]), Of([0, 3], [3, 2]), Of([5, 17], [17, 9]), Of([16, 16], [16, 16]), Of([33, 7], [7, 65]),
                Of([2, 2, 3], [3, 2]), Of([2, 1, 2], [2, 2, 2]), Of([2, 3], [2, 3, 2]), Of([2, 1, 2, 3], [3, 3, 2]),
            ],
            Large = Of([97, 130], [130, 111]),
            Errors =
            [
                new(() => Tensor.Zeros(2, 3).MatMul(Tensor.Zeros(4, 3)), "MatMul: left axis 1 (3) must equal right axis 0 (4)", "Transpose right?"),
                new(() => Tensor.Zeros(2, 3).MatMul(Tensor.Scalar(1f)), "MatMul", "at least one axis"),
                new(() => Tensor.Zeros(2, 2, 3).MatMul(Tensor.Zeros(3, 3, 4)), "MatMul", "axis -1"),
            ],
        };
        yield return new("MatMul", x => x[0].MatMul(x[1]), x => x[0].Rank == 1 ? Product(x[0].Reshape(1, x[0].Shape[0]), Column(x[1])) is var row ? row.Reshape([.. x[1].Shape[1..]]) : row : Product(x[0], Column(x[1])).Reshape([.. x[0].Shape[..^1]]))
        {
            Variant = "vectors", Samples = [Of([3], [3]), Of([3], [3, 4]), Of([4, 3], [3]), Of([2, 4, 3], [3]), Of([0], [0])],
        };
        yield return new("Linear", x => x[0].Linear(x[1], x.Length > 2 ? x[2] : null), x => Affine(x))
        {
            Samples =
            [
                Of([2, 3], [4, 3], [4]), Of([2, 3], [4, 3]), Of([3], [2, 3], [2]), Of([1, 1], [1, 1], [1]), Of([2, 2, 3], [5, 3], [5]), Of([5, 17], [9, 17], [9]), Of([16, 16], [33, 16], [33]),
                Of([0, 3], [2, 3], [2]), Of([2, 0], [3, 0], [3]), Of([1, 33], [65, 33], [65]), Of([7, 5], [1, 5], [1]),
            ],
            Large = Of([97, 530], [111, 530], [111]),
            Errors =
            [
                new(() => Tensor.Zeros(2, 3).Linear(Tensor.Zeros(3, 4)), "Linear: the last axis of x must be inFeatures = 4", "Transpose the weight?"),
                new(() => Tensor.Zeros(2, 3).Linear(Tensor.Zeros(3)), "Linear", "[outFeatures, inFeatures]"),
                new(() => Tensor.Zeros(2, 3).Linear(Tensor.Zeros(4, 3), Tensor.Zeros(3)), "Linear: the bias must be [4]", "[3]"),
            ],
        };
        yield return new("Outer", x => x[0].Outer(x[1]), x => RefArray.Build([x[0].Shape[0], x[1].Shape[0]], i => x[0][i[0]] * x[1][i[1]]))
        {
            Samples = [Of([3], [4]), Of([1], [1]), Of([0], [3]), Of([17], [9])], Errors = [new(() => Tensor.Zeros(2, 3).Outer(Tensor.Zeros(3)), "Outer", "vectors", "[2, 3]")],
        };
    }

    /// <summary>Σₖ x[..., k] w[j, k] + b[j].</summary>
    private static RefArray Affine(RefArray[] x) => RefArray.Build([.. x[0].Shape[..^1], x[1].Shape[0]], index =>
    {
        double sum = x.Length > 2 ? x[2][index[^1]] : 0;
        for (int k = 0; k < x[1].Shape[1]; k++) sum += x[0][[.. index[..^1], k]] * x[1][index[^1], k];
        return sum;
    });

    private static RefArray Column(RefArray x) => x.Rank == 1 ? x.Reshape(x.Shape[0], 1) : x;

    /// <summary>Σₖ a[..., i, k] b[..., k, j] with broadcast batch axes.</summary>
    private static RefArray Product(RefArray a, RefArray b)
    {
        int[] batch = RefArray.Broadcast(a.Shape[..^2], b.Shape[..^2]);
        return RefArray.Build([.. batch, a.Shape[^2], b.Shape[^1]], index =>
        {
            double sum = 0;
            for (int k = 0; k < a.Shape[^1]; k++) sum += a.AtBroadcast([.. index[..^1], k]) * b.AtBroadcast([.. index[..^2], k, index[^1]]);
            return sum;
        });
    }
}
