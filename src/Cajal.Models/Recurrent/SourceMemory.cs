namespace Cajal.Models;

/// <summary>What an encoder keeps of its sources, for a decoder to attend to.</summary>
/// <param name="Keys">A state for each symbol [N, S, K].</param>
/// <param name="Prepared">What the attention has computed of them: see <see cref="SourceAttention.Prepare"/>.</param>
/// <param name="Padding">True where a source has ended [N, S]; null if none ends early.</param>
/// <param name="State">The state that a decoder begins with [N, H].</param>
public sealed record SourceMemory(Tensor Keys, Tensor Prepared, Tensor? Padding, Tensor State)
{
    /// <summary>Every source so many times, behind each other: N becomes N · times.</summary>
    public SourceMemory Repeat(int times) =>
        new(Keys.RepeatInterleave(times, 0), Prepared.RepeatInterleave(times, 0), Padding?.RepeatInterleave(times, 0), State.RepeatInterleave(times, 0));
}
