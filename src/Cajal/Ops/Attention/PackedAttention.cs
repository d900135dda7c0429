using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// Self-attention on projections that lie side by side: rows of [q | k | v], each cut into heads. The same mathematics as <c>ScaledDotProductAttention</c>; nothing is
/// copied on the way in, out or back.
/// </content>
public static partial class TensorOps
{
    /// <summary>
    /// Self-attention of all heads: x [N, T, 3 E] with rows (q, k, v) → [N, T, E]; [T, N, ...] if time comes first. The mask is added to scores [N, heads, T, T].
    /// </summary>
    internal static Tensor PackedAttention(Tensor x, int heads, bool batchFirst, Tensor? mask, bool causal, double dropout)
    {
        x = x.Contiguous();
        int width = x.Dims[2] / 3, time = x.Dims[batchFirst ? 1 : 0];
        var (query, key, value) = PackedHeads(x.Detach(), heads, batchFirst);
        var call = AttentionCallOf(query, key, value, mask?.Detach().Expand(query.Dims[0], heads, time, time), causal, dropout, null);
        var y = Tensor.Uninitialised([x.Dims[0], x.Dims[1], width], x.DType);
        var sums = Attend(call, HeadsOf(y, 0, 1, heads, batchFirst));
        return Tape.Record("PackedAttention", y, x, mask ?? NoTensor,
            (X: (Saved)x, M: (Saved)mask, HasMask: mask is not null, Y: (Saved)y, Call: call, Sums: sums, Heads: heads, BatchFirst: batchFirst), static (g, saved, needs) =>
            {
                Tensor x = saved.X;
                var call = saved.Call;
                var mask = saved.HasMask ? saved.M.Value : null;
                if (GradMode.IsEnabled)
                {
                    var (q, k, v) = PackedHeads(x, saved.Heads, saved.BatchFirst);
                    var parts = ComposedAttention.Slopes(call with { Query = q, Key = k, Value = v, Mask = mask }, HeadsOf(g.Contiguous(), 0, 1, saved.Heads, saved.BatchFirst));
                    return (Tensor.Concat([RowsOf(parts[0]!, saved.BatchFirst), RowsOf(parts[1]!, saved.BatchFirst), RowsOf(parts[2]!, saved.BatchFirst)], 2), parts[3]);
                }
                var dx = Tensor.Uninitialised(x.Dims, x.DType);
                var (dq, dk, dv) = PackedHeads(dx, saved.Heads, saved.BatchFirst);
                var dm = needs[1] ? Tensor.Uninitialised([.. call.Query.Dims[..^1], call.Key.Dims[^2]], x.DType) : null;
                var upstream = HeadsOf(g.Contiguous(), 0, 1, saved.Heads, saved.BatchFirst);
                Backend.Of(g).AttentionBackward(call, HeadsOf(saved.Y, 0, 1, saved.Heads, saved.BatchFirst), saved.Sums, upstream, new(dq, dk, dv, dm));
                return (dx, dm);
            });
    }

    private static (Tensor Query, Tensor Key, Tensor Value) PackedHeads(Tensor x, int heads, bool batchFirst) =>
        (HeadsOf(x, 0, 3, heads, batchFirst), HeadsOf(x, 1, 3, heads, batchFirst), HeadsOf(x, 2, 3, heads, batchFirst));

    /// <summary>One of several blocks of columns of x [N, T, ...] (or [T, N, ...]), cut into heads: [N, heads, T, D], a view where x lies without gaps.</summary>
    internal static Tensor HeadsOf(Tensor x, int block, int blocks, int heads, bool batchFirst) =>
        x.Reshape(x.Dims[0], x.Dims[1], blocks * heads, -1).Narrow(2, block * heads, heads).Permute(batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3]);

    /// <summary>The heads [N, heads, T, D] side by side again: [N, T, E], or [T, N, E].</summary>
    internal static Tensor RowsOf(Tensor heads, bool batchFirst) => heads.Permute(batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]).Flatten(2);
}
