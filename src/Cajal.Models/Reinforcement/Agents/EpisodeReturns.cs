namespace Cajal.Models;

/// <summary>Adds up the rewards of the episodes of several environments.</summary>
/// <param name="count">Environments.</param>
public sealed class EpisodeReturns(int count)
{
    private readonly double[] running = new double[count];
    private readonly List<double> finished = [];

    /// <summary>The sum of rewards of every finished episode, in the order they ended.</summary>
    public IReadOnlyList<double> Finished => finished;

    /// <summary>Notes one step of every environment.</summary>
    public void Add(ReadOnlySpan<StepResult> results)
    {
        if (results.Length != running.Length) throw new ArgumentException($"EpisodeReturns: there are {running.Length} environments, but {results.Length} results.", nameof(results));
        for (int i = 0; i < results.Length; i++)
        {
            running[i] += results[i].Reward;
            if (!results[i].Ended) continue;
            finished.Add(running[i]);
            running[i] = 0;
        }
    }

    /// <summary>Notes the return of a whole episode.</summary>
    public void Add(double earned) => finished.Add(earned);

    /// <summary>The mean of the last <paramref name="episodes"/> returns, or of all if they are fewer; NaN if there is none.</summary>
    public double Recent(int episodes = 100) => finished.Count == 0 ? double.NaN : finished.TakeLast(episodes).Average();
}
