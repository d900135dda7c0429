namespace Cajal.Models;

/// <summary>How well an agent does, apart from its training.</summary>
public static class AgentEvaluation
{
    /// <summary>Plays whole episodes and adds up the rewards of each.</summary>
    /// <param name="agent">Who plays.</param>
    /// <param name="make">Makes an environment.</param>
    /// <param name="episodes">How many.</param>
    /// <param name="seed">Episode i begins with seed + i.</param>
    /// <param name="maxSteps">An episode that does not end by itself is ended after so many steps.</param>
    /// <returns>The return of each episode, without discount.</returns>
    public static double[] Returns(IAgent agent, Func<TaskEnvironment> make, int episodes, int seed, int maxSteps = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        TaskEnvironment[] all = [.. Enumerable.Range(0, episodes).Select(_ => make())];
        int observationSize = all[0].ObservationSize, actionSize = all[0].Actions.Size, running = episodes;
        float[] observations = new float[episodes * observationSize], actions = new float[episodes * actionSize];
        // Row i of the buffers belongs to episode which[i]; a row whose episode ended is given to the last one that runs.
        int[] which = [.. Enumerable.Range(0, episodes)];
        var returns = new double[episodes];
        for (int i = 0; i < episodes; i++) all[i].Reset(seed + i, Row(i));
        for (int step = 0; step < maxSteps && running > 0; step++)
        {
            agent.Act(observations.AsSpan(0, running * observationSize), actions.AsSpan(0, running * actionSize));
            // From the last to the first, so that a row is moved only after its own step.
            for (int i = running - 1; i >= 0; i--)
            {
                var result = all[which[i]].Step(actions.AsSpan(i * actionSize, actionSize), Row(i));
                returns[which[i]] += result.Reward;
                if (!result.Ended) continue;
                running--;
                Row(running).CopyTo(Row(i));
                which[i] = which[running];
            }
        }
        return returns;

        Span<float> Row(int i) => observations.AsSpan(i * observationSize, observationSize);
    }
}
