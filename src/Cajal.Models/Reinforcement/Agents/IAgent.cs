namespace Cajal.Models;

/// <summary>Something that acts, the same way every time it sees the same.</summary>
public interface IAgent
{
    /// <summary>Chooses the best action it knows for each observation; nothing is tried out.</summary>
    /// <param name="observations">[N, observation size].</param>
    /// <param name="actions">Receives [N, action size].</param>
    void Act(ReadOnlySpan<float> observations, Span<float> actions);
}
