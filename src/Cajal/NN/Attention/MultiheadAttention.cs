using Cajal.Backends;

namespace Cajal;

/// <summary>
/// Attention of several heads (Vaswani et al. 2017): query [N, T, E], key [N, S, kdim], value [N, S, vdim] → [N, T, E], each head being
/// softmax(q kᵀ / √D) v on projections of width D = E / numHeads. Without <paramref name="batchFirst"/> the first two axes are the other way round.
/// </summary>
/// <remarks>
/// Masks are PyTorch's: in a Bool mask <c>true</c> hides (in <c>Tensor.ScaledDotProductAttention</c> it shows); real numbers are added to the scores. A query that sees
/// nothing takes zeros from that head, where PyTorch gives NaN. Projections start Xavier-uniform, biases at 0.
/// </remarks>
/// <param name="embedDim">E, the width of queries and of the result.</param>
/// <param name="numHeads">How many heads share E.</param>
/// <param name="dropout">In training, the share of attention weights that is set to 0.</param>
/// <param name="bias">Whether the projections add a number to each column.</param>
/// <param name="kdim">Width of the keys; E when not given.</param>
/// <param name="vdim">Width of the values; E when not given.</param>
/// <param name="batchFirst">Whether inputs and result are [N, T, ...]; [T, N, ...] otherwise, as in PyTorch.</param>
public sealed partial class MultiheadAttention(
    int embedDim, int numHeads, double dropout = 0, bool bias = true, int? kdim = null, int? vdim = null, bool batchFirst = false) : Module
{
    private readonly Parameter? inProjWeight = OneWidth(embedDim, kdim, vdim) ? Start(3 * Checked(embedDim, numHeads, dropout), embedDim) : null;
    private readonly Parameter? qProjWeight = OneWidth(embedDim, kdim, vdim) ? null : Start(Checked(embedDim, numHeads, dropout), embedDim);
    private readonly Parameter? kProjWeight = OneWidth(embedDim, kdim, vdim) ? null : Start(embedDim, kdim ?? embedDim);
    private readonly Parameter? vProjWeight = OneWidth(embedDim, kdim, vdim) ? null : Start(embedDim, vdim ?? embedDim);
    private readonly Parameter? inProjBias = bias ? new(Tensor.Zeros(3 * embedDim)) : null;
    private readonly Linear outProj = Last(embedDim, bias);

    /// <summary>The projection of the heads' results, side by side.</summary>
    public Linear OutProjection => outProj;

    /// <summary>Self-attention: x attends to itself. x [N, T, E] → [N, T, E].</summary>
    /// <exception cref="ShapeException">x does not have that shape.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, x, x);

    /// <summary>Queries attend to keys and receive values.</summary>
    /// <param name="query">[N, T, E].</param>
    /// <param name="key">[N, S, kdim].</param>
    /// <param name="value">[N, S, vdim].</param>
    /// <param name="mask">[T, S], [N · numHeads, T, S] or [N, numHeads, T, S] (lengths of 1 are repeated): Bool, true hides; or real, added to the scores.</param>
    /// <param name="keyPaddingMask">[N, S]: Bool, true hides a key from all queries; or real, added to its scores.</param>
    /// <param name="causal">Query i sees keys 0 ... i only.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? mask = null, Tensor? keyPaddingMask = null, bool causal = false)
    {
        Check(query, key, value);
        var added = AddedMask(query, key, mask, keyPaddingMask);
        double drop = IsTraining ? dropout : 0;
        if (ReferenceEquals(query, key) && ReferenceEquals(query, value) && inProjWeight is not null)
        {
            var packed = query.MatMul(inProjWeight.T);
            if (inProjBias is not null) packed += inProjBias;
            return Report(query, outProj.Forward(TensorOps.PackedAttention(packed, numHeads, batchFirst, added, causal, drop)));
        }
        var (q, k, v) = Project(query, key, value);
        return Report(query, outProj.Forward(TensorOps.RowsOf(Tensor.ScaledDotProductAttention(q, k, v, added, causal, drop), batchFirst)));
    }

    /// <summary>As <c>Forward</c>, with the attention weights: [N, numHeads, T, S], or their mean over heads [N, T, S]. They take memory; the result is the same.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor, Tensor?, Tensor?, bool)"/>
    /// <param name="query">[N, T, E].</param>
    /// <param name="key">[N, S, kdim].</param>
    /// <param name="value">[N, S, vdim].</param>
    /// <param name="mask">As in <c>Forward</c>.</param>
    /// <param name="keyPaddingMask">As in <c>Forward</c>.</param>
    /// <param name="causal">As in <c>Forward</c>.</param>
    /// <param name="averageHeads">Whether the weights are averaged over heads.</param>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(
        Tensor query, Tensor key, Tensor value, Tensor? mask = null, Tensor? keyPaddingMask = null, bool causal = false, bool averageHeads = true)
    {
        Check(query, key, value);
        var added = AddedMask(query, key, mask, keyPaddingMask);
        var (q, k, v) = Project(query, key, value);
        var call = TensorOps.AttentionCallOf(q, k, v, added, causal, IsTraining ? dropout : 0, null) with { Query = q, Key = k, Value = v, Mask = added };
        var weights = ComposedAttention.Weights(call);
        if (ComposedAttention.Keep(call) is { } keep) weights *= keep;
        var output = Report(query, outProj.Forward(TensorOps.RowsOf(weights.MatMul(v), batchFirst)));
        return (output, averageHeads ? weights.Mean(1) : weights);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor key, Tensor value) =>
        (Part(query, 0, qProjWeight), Part(key, 1, kProjWeight), Part(value, 2, vProjWeight));

    /// <summary>One of the three projections, cut into heads: [N, numHeads, T, D].</summary>
    private Tensor Part(Tensor x, int block, Parameter? own)
    {
        var projected = x.MatMul((own ?? inProjWeight!.Narrow(0, block * embedDim, embedDim)).T);
        if (inProjBias is not null) projected += inProjBias.Narrow(0, block * embedDim, embedDim);
        return TensorOps.HeadsOf(projected, 0, 1, numHeads, batchFirst);
    }

    private void Check(Tensor query, Tensor key, Tensor value)
    {
        int keyWidth = kdim ?? embedDim, valueWidth = vdim ?? embedDim, batch = batchFirst ? 0 : 1, rows = 1 - batch;
        string axes = batchFirst ? "N, T" : "T, N", keyAxes = batchFirst ? "N, S" : "S, N";
        if (query.Rank != 3 || query.Dims[2] != embedDim) throw new ShapeException($"{Label}: query must be [{axes}, embedDim = {embedDim}], but it is {query.Shape}.");
        if (key.Rank != 3 || key.Dims[2] != keyWidth) throw new ShapeException($"{Label}: key must be [{keyAxes}, kdim = {keyWidth}], but it is {key.Shape}.");
        if (value.Rank != 3 || value.Dims[2] != valueWidth) throw new ShapeException($"{Label}: value must be [{keyAxes}, vdim = {valueWidth}], but it is {value.Shape}.");
        if (key.Dims[batch] != query.Dims[batch] || value.Dims[batch] != query.Dims[batch] || key.Dims[rows] != value.Dims[rows])
        {
            throw new ShapeException($"{Label}: query, key and value must agree in N, key and value in S; query {query.Shape}, key {key.Shape}, value {value.Shape}, " +
                $"read as [{axes}, ...] because batchFirst is {(batchFirst ? "true" : "false")}.");
        }
    }

    /// <summary>Both masks as numbers to add to the scores [N, numHeads, T, S].</summary>
    private Tensor? AddedMask(Tensor query, Tensor key, Tensor? mask, Tensor? padding)
    {
        int batch = query.Dims[batchFirst ? 0 : 1], queries = query.Dims[batchFirst ? 1 : 0], keys = key.Dims[batchFirst ? 1 : 0];
        if (mask is { Rank: 3 } && mask.Dims[0] == batch * numHeads) mask = mask.Reshape(batch, numHeads, mask.Dims[1], mask.Dims[2]);
        if (mask is not null && !(mask.Rank is 2 or 4 && Fits(mask, [batch, numHeads, queries, keys])))
        {
            throw new ShapeException($"{Label}: mask must be [T, S] = [{queries}, {keys}], [N · numHeads, T, S] = [{batch * numHeads}, {queries}, {keys}] or " +
                $"[N, numHeads, T, S], Bool or real, but it is {mask.DType} {mask.Shape}.");
        }
        if (padding is not null && !(padding.Rank == 2 && padding.Dims[0] == batch && Fits(padding, [batch, keys])))
            throw new ShapeException($"{Label}: keyPaddingMask must be [N, S] = [{batch}, {keys}], Bool or real, but it is {padding.DType} {padding.Shape}.");
        var added = Added(mask);
        var addedPadding = Added(padding?.Reshape(batch, 1, 1, keys));
        return added is null ? addedPadding : addedPadding is null ? added : added + addedPadding;

        Tensor? Added(Tensor? x) =>
            x is null ? null : x.DType == DType.Bool ? Tensor.Zeros(x.Shape, outProj.Weight.DType).MaskedFill(x, double.NegativeInfinity) : x.Cast(outProj.Weight.DType);

        static bool Fits(Tensor x, int[] whole)
        {
            bool fits = x.DType == DType.Bool || x.DType.IsFloating;
            for (int i = 1; fits && i <= x.Rank; i++) fits = x.Dims[^i] == 1 || x.Dims[^i] == whole[^i];
            return fits;
        }
    }

    private static bool OneWidth(int embedDim, int? kdim, int? vdim) => (kdim ?? embedDim) == embedDim && (vdim ?? embedDim) == embedDim;

    private static int Checked(int embedDim, int numHeads, double dropout)
    {
        if (numHeads < 1 || embedDim < 1 || embedDim % numHeads != 0)
            throw new ArgumentException($"MultiheadAttention: embedDim ({embedDim}) must be a multiple of numHeads ({numHeads}), both at least 1.", nameof(numHeads));
        if (!(dropout is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "MultiheadAttention: the probability of dropout must lie in [0, 1).");
        return embedDim;
    }

    private static Parameter Start(int rows, int columns) => new(Initialise.XavierUniform([rows, columns]));

    private static Linear Last(int width, bool bias)
    {
        var last = new Linear(width, width, bias);
        last.Bias?.Fill(0);
        return last;
    }
}
