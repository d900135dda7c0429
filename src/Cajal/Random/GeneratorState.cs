namespace Cajal;

/// <summary>
/// All there is to a <see cref="Generator"/>: store it in a checkpoint, assign it back to <see cref="Generator.State"/>, and the same
/// numbers follow.
/// </summary>
/// <param name="Seed">The key.</param>
/// <param name="Stream">Which of the independent sequences of that key.</param>
/// <param name="Position">How many values have been drawn.</param>
public readonly record struct GeneratorState(ulong Seed, ulong Stream, ulong Position)
{
    /// <summary>The state after <paramref name="count"/> more values.</summary>
    public GeneratorState Advance(long count) => this with { Position = Position + (ulong)count };
}
