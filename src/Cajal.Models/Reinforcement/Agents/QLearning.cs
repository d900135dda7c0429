using System.Numerics.Tensors;

namespace Cajal.Models;

/// <summary>
/// Q-learning with a table (Watkins 1989): Q(s, a) ← Q(s, a) + α (r + γ maxₐ' Q(s', a') - Q(s, a)), with random actions at a rate ε. α and ε fall linearly over the training.
/// </summary>
public sealed class QLearning : IAgent
{
    private readonly GridWorld world;
    private readonly double[] table;
    private readonly double discount, learningRate;
    private readonly Generator random;
    private readonly int seed;

    /// <summary>Sets up a table of zeros.</summary>
    /// <param name="world">Where it learns.</param>
    /// <param name="discount">γ.</param>
    /// <param name="learningRate">α at the beginning.</param>
    /// <param name="seed">Of exploration and the world.</param>
    public QLearning(GridWorld world, double discount = 0.99, double learningRate = 0.5, int seed = 0)
    {
        (this.world, this.discount, this.learningRate, this.seed) = (world, discount, learningRate, seed);
        table = new double[world.CellCount * world.Actions.Count];
        random = new Generator((ulong)seed).Split(1);
    }

    /// <summary>Q, [cells, actions].</summary>
    public ReadOnlySpan<double> Table => table;

    /// <summary>Learns from whole episodes.</summary>
    /// <param name="episodes">How many.</param>
    /// <param name="maxSteps">Steps after which an episode that goes on is left.</param>
    /// <returns>The return of each.</returns>
    public double[] Train(int episodes, int maxSteps = 1000)
    {
        const double LeastEpsilon = 0.05, LeastRate = 0.02;
        var returns = new double[episodes];
        Span<float> observation = stackalloc float[1];
        world.Reset(seed, observation);
        for (int episode = 0; episode < episodes; episode++)
        {
            double left = 1 - (double)episode / episodes, epsilon = Math.Max(LeastEpsilon, left), rate = Math.Max(LeastRate, learningRate * left);
            if (episode > 0) world.Reset(observation);
            for (int step = 0; step < maxSteps; step++)
            {
                int cell = world.Cell, action = random.NextUniform() < epsilon ? random.NextInt(world.Actions.Count) : Best(cell);
                var result = world.Step(action, observation);
                returns[episode] += result.Reward;
                double target = result.Reward + (result.Terminated ? 0 : discount * Value(world.Cell));
                ref double estimate = ref table[cell * world.Actions.Count + action];
                estimate += rate * (target - estimate);
                if (result.Ended) break;
            }
        }
        return returns;
    }

    /// <summary>maxₐ Q(s, a).</summary>
    public double Value(int cell) => TensorPrimitives.Max(Row(cell));

    /// <summary>The action with the largest Q, the first of equals.</summary>
    public int Best(int cell) => TensorPrimitives.IndexOfMax(Row(cell));

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<float> observations, Span<float> actions)
    {
        for (int i = 0; i < actions.Length; i++) actions[i] = Best((int)observations[i]);
    }

    private ReadOnlySpan<double> Row(int cell) => table.AsSpan(cell * world.Actions.Count, world.Actions.Count);
}
