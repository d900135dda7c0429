namespace Cajal.Models;

/// <summary>T steps of N environments under a policy, laid out [T, N], with what the critic thought of them.</summary>
internal sealed class Rollout
{
    private readonly VectorEnvironment environments;
    private readonly ActorCritic network;
    private readonly ActionDistribution distribution;
    private readonly Generator random;
    private readonly int[] observationShape;
    private readonly int steps, observationSize, actionSize;

    internal Rollout(VectorEnvironment environments, ActorCritic network, ActionDistribution distribution, int steps, Generator random)
    {
        (this.environments, this.network, this.distribution, this.steps, this.random) = (environments, network, distribution, steps, random);
        var first = environments.First;
        (observationShape, observationSize, actionSize) = ([.. first.ObservationShape], first.ObservationSize, first.Actions.Size);
        int rows = steps * environments.Count;
        (Observations, Actions, LogProbabilities) = (new float[rows * observationSize], new float[rows * actionSize], new float[rows]);
        (Values, NextValues, Results) = (new float[rows], new float[rows], new StepResult[rows]);
    }

    /// <summary>T · N.</summary>
    internal int Count => Values.Length;

    internal float[] Observations { get; }

    internal float[] Actions { get; }

    internal float[] LogProbabilities { get; }

    /// <summary>V of what was acted on.</summary>
    internal float[] Values { get; }

    /// <summary>V of what was seen next.</summary>
    internal float[] NextValues { get; }

    internal StepResult[] Results { get; }

    /// <summary>Rows of observations as the network takes them.</summary>
    internal Tensor Rows(ReadOnlySpan<float> observations) => Tensor.From(observations, [observations.Length / observationSize, .. observationShape]);

    /// <summary>Goes on in the environments, whose last episodes may be in their midst.</summary>
    internal void Collect(EpisodeReturns returns)
    {
        using var scope = new NoGrad();
        int count = environments.Count;
        for (int t = 0; t < steps; t++)
        {
            var seen = environments.Observations;
            var actions = Actions.AsSpan(t * count * actionSize, count * actionSize);
            seen.CopyTo(Observations.AsSpan(t * count * observationSize));
            var rows = Rows(seen);
            distribution.Sample(network.Actor.Call(rows).ToArray<float>(), random, actions, LogProbabilities.AsSpan(t * count, count));
            network.Value(rows).ToArray<float>().CopyTo(Values, t * count);
            environments.Step(actions);
            environments.Results.CopyTo(Results.AsSpan(t * count));
            returns.Add(environments.Results);
            ValueEnds(t);
        }
        float[] after = network.Value(Rows(environments.Observations)).ToArray<float>();
        for (int i = 0; i < Count; i++)
        {
            if (!Results[i].Ended) NextValues[i] = i + count < Count ? Values[i + count] : after[i + count - Count];
        }
    }

    /// <summary>Where the time was up, the next observation begins another episode, so the one that was seen last is valued by itself.</summary>
    private void ValueEnds(int t)
    {
        for (int i = 0; i < environments.Count; i++)
        {
            var result = environments.Results[i];
            if (result.Truncated && !result.Terminated)
                NextValues[t * environments.Count + i] = (float)network.Value(Rows(environments.LastObservations.Slice(i * observationSize, observationSize))).Item();
        }
    }
}
