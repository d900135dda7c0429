namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>Fills <paramref name="output"/> [B..., T, V] and returns ln Σ e^score of each row [heads · T].</summary>
    internal abstract Tensor Attention(AttentionCall call, Tensor output);

    /// <summary>Fills the gradients that are not null; that of the mask is [B..., T, S] and contiguous.</summary>
    internal abstract void AttentionBackward(AttentionCall call, Tensor output, Tensor logSums, Tensor upstream, AttentionSlopes slopes);
}

/// <summary>
/// One attention: query [B..., T, E], key [B..., S, E], value [B..., S, V], with the same leading axes; the mask is added to the scores [B..., T, S]. Views of any
/// kind whose last axis has stride 1 (the mask's may have 0).
/// </summary>
/// <param name="Query">[B..., T, E].</param>
/// <param name="Key">[B..., S, E].</param>
/// <param name="Value">[B..., S, V].</param>
/// <param name="Mask">[B..., T, S], or null.</param>
/// <param name="Scale">What products of queries and keys are multiplied by.</param>
/// <param name="Causal">Whether query i sees keys 0 ... i only.</param>
/// <param name="Drop">The share of weights that is set to zero.</param>
/// <param name="Random">Where the random numbers for that start.</param>
internal sealed record AttentionCall(Tensor Query, Tensor Key, Tensor Value, Tensor? Mask, double Scale, bool Causal, double Drop, GeneratorState Random);

/// <summary>Where gradients go: views like the tensors they belong to.</summary>
internal readonly record struct AttentionSlopes(Tensor? Query, Tensor? Key, Tensor? Value, Tensor? Mask);
