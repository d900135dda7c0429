using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// P = softmax(s Q Kᵀ + M), Y = P V (Vaswani et al. 2017). With G the gradient of Y: dV = Pᵀ G, dP = G Vᵀ, dZ = P (dP - Σ dP P) (Z the scores),
/// dQ = s dZ K, dK = s dZᵀ Q, dM = dZ. The fused passes work through blocks of queries and never hold P (Dao et al. 2022).
/// </content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>
        /// softmax(scale · query keyᵀ + mask) value: query [B..., T, E], key [B..., S, E], value [B..., S, V] → [B..., T, V]; leading axes broadcast. A query that
        /// sees no key at all gives zeros, with gradient 0.
        /// </summary>
        /// <param name="query">[B..., T, E].</param>
        /// <param name="key">[B..., S, E].</param>
        /// <param name="value">[B..., S, V].</param>
        /// <param name="mask">
        /// Broadcast to [B..., T, S]. Truth values: a query sees the keys where it is true. Real numbers: they are added to the scores (-∞ hides a key), and receive a gradient.
        /// </param>
        /// <param name="causal">Query i sees keys 0 ... i only (beside what the mask says).</param>
        /// <param name="dropout">The share of weights set to 0, the rest being scaled so that the mean stays; drawn from <see cref="Generator.Current"/>.</param>
        /// <param name="scale">Multiplies the products; 1/√E when not given.</param>
        /// <exception cref="ShapeException">Widths, lengths, leading axes or the mask do not fit.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The dropout is not in [0, 1).</exception>
        public static Tensor ScaledDotProductAttention(
            Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool causal = false, double dropout = 0, double? scale = null)
        {
            const string Op = "ScaledDotProductAttention";
            CheckAttention(Op, query, key, value, mask, dropout);
            Promote(ref query, ref key);
            Promote(ref query, ref value);
            (query, key, value) = (query.AsFloating(), key.Cast(query.AsFloating().DType), value.AsFloating());
            int[] batch = Broadcasting.Shape(Broadcasting.Shape(query.Dims[..^2], key.Dims[..^2], Op), value.Dims[..^2], Op);
            (query, key, value) = (Lead(query), Lead(key), Lead(value));
            mask = AttentionMask(mask, query.DType);
            var call = AttentionCallOf(query, key, value, mask?.Detach().Expand([.. batch, query.Dims[^2], key.Dims[^2]]), causal, dropout, scale);
            var y = EmptyLike(query, value.Dims[^1]);
            var sums = Attend(call, y);
            return Tape.Record(Op, y, [query, key, value, mask ?? NoTensor],
                (Q: (Saved)query, K: (Saved)key, V: (Saved)value, M: (Saved)mask, HasMask: mask is not null, Y: (Saved)y, Call: call, Sums: sums), static (g, saved, needs) =>
                {
                    Tensor q = saved.Q, k = saved.K, v = saved.V;
                    var mask = saved.HasMask ? saved.M.Value : null;
                    if (GradMode.IsEnabled) return new(ComposedAttention.Slopes(saved.Call with { Query = q, Key = k, Value = v, Mask = mask }, g));
                    var slopes = new AttentionSlopes(needs[0] ? EmptyLike(q, q.Dims[^1]) : null, needs[1] ? EmptyLike(k, k.Dims[^1]) : null, needs[2] ? EmptyLike(v, v.Dims[^1]) : null,
                        needs[3] ? Tensor.Uninitialised([.. q.Dims[..^1], k.Dims[^2]], q.DType) : null);
                    Backend.Of(g).AttentionBackward(saved.Call, saved.Y, saved.Sums, g, slopes);
                    return new([slopes.Query, slopes.Key, slopes.Value, slopes.Mask]);
                });

            // The rows that kernels walk along must lie without gaps.
            Tensor Lead(Tensor x)
            {
                x = x.Expand([.. batch, x.Dims[^2], x.Dims[^1]]);
                return x.Dims[^1] <= 1 || x.Strides[^1] == 1 ? x : x.Contiguous();
            }
        }
    }

    /// <summary>Fills <paramref name="y"/>; returns what the way back needs.</summary>
    private static Tensor Attend(AttentionCall call, Tensor y)
    {
        ProductCounter.Count((long)call.Query.Count * call.Key.Dims[^2], call.Query, call.Key);
        ProductCounter.Count((long)y.Count * call.Key.Dims[^2], y, call.Value);
        return Backend.Of(y).Attention(call, y);
    }

    /// <summary>Truth values become 0 and -∞.</summary>
    internal static Tensor? AttentionMask(Tensor? mask, DType dtype) =>
        mask is null ? null : mask.DType == DType.Bool ? Tensor.Zeros(mask.Shape, dtype).MaskedFill(mask.EqualTo(0), double.NegativeInfinity) : mask.Cast(dtype);

    /// <summary>The call on detached views, with its share of the random numbers.</summary>
    internal static AttentionCall AttentionCallOf(Tensor query, Tensor key, Tensor value, Tensor? mask, bool causal, double dropout, double? scale)
    {
        if (mask is not null && mask.Strides[^1] is not (0 or 1)) mask = mask.Contiguous();
        long weights = dropout > 0 ? (long)Shape.CountOf(query.Dims[..^1]) * key.Dims[^2] : 0;
        return new(query.Detach(), key.Detach(), value.Detach(), mask, scale ?? 1 / Math.Sqrt(Math.Max(1, query.Dims[^1])), causal, dropout,
            weights > 0 ? Generator.Current.Reserve(weights) : default);
    }

    /// <summary>An unfilled [B..., rows of x, width] whose axes lie in memory in the order of x's: heads that were cut out of rows go back without a copy.</summary>
    private static Tensor EmptyLike(Tensor x, int width)
    {
        int[] dims = [.. x.Dims[..^1], width];
        if (x.Rank < 4 || x.Strides[^3] >= x.Strides[^2]) return Tensor.Uninitialised(dims, x.DType);
        (dims[^3], dims[^2]) = (dims[^2], dims[^3]);
        return Tensor.Uninitialised(dims, x.DType).Transpose(-3, -2);
    }

    private static void CheckAttention(string op, Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout)
    {
        if (query.Rank < 2 || key.Rank < 2 || value.Rank < 2)
            throw new ShapeException($"{op}: query, key and value must be [B..., T, E], [B..., S, E] and [B..., S, V], but they are {query.Shape}, {key.Shape} and {value.Shape}.");
        if (query.Dims[^1] != key.Dims[^1])
            throw new ShapeException($"{op}: the last axes of query ({query.Dims[^1]}) and key ({key.Dims[^1]}) must be equal; query {query.Shape}, key {key.Shape}.");
        if (key.Dims[^2] != value.Dims[^2])
            throw new ShapeException($"{op}: key and value must have the same number of rows, but key has {key.Dims[^2]} and value {value.Dims[^2]}; key {key.Shape}, value {value.Shape}.");
        if (!(dropout is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, $"{op}: the probability of dropout must lie in [0, 1).");
        if (mask is null) return;
        int[] scores = [.. Broadcasting.Shape(query.Dims[..^2], key.Dims[..^2], op), query.Dims[^2], key.Dims[^2]];
        bool fits = mask.Rank <= scores.Length && (mask.DType == DType.Bool || mask.DType.IsFloating);
        for (int i = 1; fits && i <= mask.Rank; i++) fits = mask.Dims[^i] == 1 || mask.Dims[^i] == scores[^i];
        if (!fits)
        {
            throw new ShapeException($"{op}: the mask must be Bool or real and broadcast to the scores {Shape.Format(scores)}, but it is {mask.DType} {mask.Shape}; " +
                $"query {query.Shape}, key {key.Shape}.");
        }
    }
}
