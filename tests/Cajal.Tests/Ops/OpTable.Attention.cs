namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    private const double Hidden = double.NegativeInfinity;

    [OpFamily]
    private static IEnumerable<OpRow> Attention()
    {
        yield return new("ScaledDotProductAttention", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2]), x => AttentionOf(x[0], x[1], x[2]))
        {
            Samples =
            [
                Of([1, 1], [1, 1], [1, 1]), Of([2, 2], [3, 2], [3, 1]), Of([2, 2, 1], [2, 1], [3, 1, 2, 1]), Of([1, 2, 2, 2], [1, 2, 2, 2], [1, 2, 2, 2]), Of([2, 5, 7], [2, 9, 7], [2, 9, 3]),
                Of([3, 2, 17, 8], [3, 2, 16, 8], [3, 2, 16, 8]), Of([1, 4, 3], [1, 33, 3], [1, 33, 17]), Of([2, 67, 3], [2, 5, 3], [2, 5, 4]), Of([0, 2, 3], [0, 4, 3], [0, 4, 2]), Of([1, 0, 3], [1, 4, 3], [1, 4, 2]),
                Of([2, 2, 3], [2, 0, 3], [2, 0, 2]), Of([5, 300, 2], [5, 40, 2], [5, 40, 1]),
            ],
            Large = Of([3, 2, 150, 16], [3, 2, 90, 16], [3, 2, 90, 24]),
            Errors =
            [
                new(() => Tensor.ScaledDotProductAttention(Tensor.Zeros(2, 3, 4), Tensor.Zeros(2, 5, 3), Tensor.Zeros(2, 5, 4)),
                    "ScaledDotProductAttention: the last axes of query (4) and key (3) must be equal; query [2, 3, 4], key [2, 5, 3]."),
                new(() => Tensor.ScaledDotProductAttention(Tensor.Zeros(2, 3, 4), Tensor.Zeros(2, 5, 4), Tensor.Zeros(2, 6, 4)), "key has 5 and value 6; key [2, 5, 4], value [2, 6, 4]."),
                new(() => Tensor.ScaledDotProductAttention(Tensor.Zeros(4), Tensor.Zeros(2, 5, 4), Tensor.Zeros(2, 6, 4)), "query, key and value must be [B..., T, E], [B..., S, E] and [B..., S, V]", "[4]"),
                new(() => Tensor.ScaledDotProductAttention(Tensor.Zeros(2, 3, 4), Tensor.Zeros(2, 5, 4), Tensor.Zeros(2, 5, 4), Tensor.Zeros(5, 3)),
                    "the mask must be Bool or real and broadcast to the scores [2, 3, 5], but it is Float32 [5, 3]; query [2, 3, 4], key [2, 5, 4]."),
                new(() => Tensor.ScaledDotProductAttention(Tensor.Zeros(3, 4), Tensor.Zeros(5, 4), Tensor.Zeros(5, 4), dropout: 1), "the probability of dropout must lie in [0, 1)"),
                new(() => Tensor.ScaledDotProductAttention(Tensor.Zeros(2, 3, 4), Tensor.Zeros(3, 5, 4), Tensor.Zeros(3, 5, 4)), "ScaledDotProductAttention"),
            ],
        };
        yield return new("ScaledDotProductAttention", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], causal: true, scale: -0.7), x => AttentionOf(x[0], x[1], x[2], null, true, -0.7))
        {
            Variant = "causal", Samples = [Of([2, 2], [3, 2], [3, 1]), Of([1, 3, 1], [1, 2, 1], [1, 2, 2]), Of([2, 40, 5], [2, 70, 5], [2, 70, 3]), Of([1, 70, 4], [1, 9, 4], [1, 9, 4])],
            Large = Of([2, 2, 200, 8], [2, 2, 300, 8], [2, 2, 300, 8]),
        };
        yield return new("ScaledDotProductAttention", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], x[3]), x => AttentionOf(x[0], x[1], x[2], x[3]))
        {
            Variant = "added-mask", Samples = [Of([2, 2], [3, 2], [3, 1], [2, 3]), Of([2, 2, 1], [2, 2, 1], [2, 2, 1], [2, 1, 1]), Of([2, 3, 5, 4], [2, 3, 19, 4], [2, 3, 19, 2], [3, 1, 19]), Of([2, 7, 4], [2, 9, 4], [2, 9, 2], [7, 1])],
            Large = Of([2, 2, 100, 8], [2, 2, 90, 8], [2, 2, 90, 8], [2, 100, 90]),
        };
        yield return new("ScaledDotProductAttention", x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], x[3]), x => AttentionOf(x[0], x[1], x[2], x[3].Map(v => v != 0 ? 0 : Hidden)))
        {
            Variant = "seen-mask",
            Samples =
            [
                new(1, Real(2, 2), Real(3, 2), Real(3, 1), new OpInput([2, 3], 0, 2, OpInputKind.Truth) { Values = [1, 0, 1, 0, 0, 0] }),
                new(2, Real(2, 3, 5, 4), Real(2, 3, 19, 4), Real(2, 3, 19, 2), Truth(2, 1, 5, 19)), new(3, Real(2, 3, 4), Real(2, 9, 4), Real(2, 9, 2), Truth(2, 1, 9)),
            ],
            Large = new(4, Real(2, 2, 100, 8), Real(2, 2, 90, 8), Real(2, 2, 90, 8), Truth(100, 90)),
        };
    }

    /// <summary>Attention by its definition; a query that sees nothing gives 0.</summary>
    private static RefArray AttentionOf(RefArray q, RefArray k, RefArray v, RefArray? mask = null, bool causal = false, double? scale = null)
    {
        int[] batch = RefArray.Broadcast(RefArray.Broadcast(q.Shape[..^2], k.Shape[..^2]), v.Shape[..^2]);
        int width = q.Shape[^1], keys = k.Shape[^2];
        double factor = scale ?? 1 / Math.Sqrt(width);
        return RefArray.Build([.. batch, q.Shape[^2], v.Shape[^1]], at =>
        {
            int[] lead = at[..^2];
            var scores = new double[keys];
            for (int j = 0; j < keys; j++)
            {
                for (int e = 0; e < width; e++) scores[j] += factor * q.AtBroadcast([.. lead, at[^2], e]) * k.AtBroadcast([.. lead, j, e]);
                if (mask is not null) scores[j] += mask.AtBroadcast([.. lead, at[^2], j]);
                if (causal && j > at[^2]) scores[j] = Hidden;
            }
            double highest = scores.DefaultIfEmpty(Hidden).Max();
            if (double.IsNegativeInfinity(highest)) return 0;
            double total = scores.Sum(score => Math.Exp(score - highest));
            return Enumerable.Range(0, keys).Sum(j => Math.Exp(scores[j] - highest) / total * v.AtBroadcast([.. lead, j, at[^1]]));
        });
    }
}
