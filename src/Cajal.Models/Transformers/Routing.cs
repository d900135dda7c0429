namespace Cajal.Models;

/// <summary>What the router of a <see cref="MixtureOfExperts"/> did with a batch of N inputs.</summary>
/// <param name="Probabilities">p, [N, E], differentiable.</param>
/// <param name="Load">The share of all choices that fell on each expert, [E]; sums to 1. Constant: a choice has no gradient.</param>
/// <param name="Dropped">Choices that found their expert full.</param>
public sealed record Routing(Tensor Probabilities, Tensor Load, int Dropped)
{
    /// <summary>
    /// The load-balancing loss of the Switch Transformer (Fedus et al. 2022, equations 4 to 6): E Σ_e f_e P_e, with f the load and P the mean probability. It is 1 when both are even and grows to E
    /// when one expert gets everything. To be added to the loss with a small factor, such as 0.01.
    /// </summary>
    public Tensor BalanceLoss => (Load * Probabilities.Mean(0)).Sum() * Load.Count;

    /// <summary>The squared coefficient of variation of the experts' importance Σ_n p_e (Shazeer et al. 2017, equation 7): 0 when even, at most E - 1.</summary>
    public Tensor ImportanceLoss
    {
        get
        {
            var importance = Probabilities.Sum(0);
            var mean = importance.Mean();
            return (importance - mean).Square().Mean() / mean.Square();
        }
    }

    internal static Routing Of(Tensor probabilities, Tensor chosen, int dropped)
    {
        var counts = chosen.Detach().Sum(0);
        return new(probabilities, counts / counts.Sum(), dropped);
    }
}

/// <summary>Which inputs go to which experts, sorted by expert and then by input.</summary>
internal sealed class ExpertAssignment
{
    /// <param name="probabilities">[N, E].</param>
    /// <param name="active">1 or 2 experts for each input.</param>
    /// <param name="capacity">The most inputs an expert takes.</param>
    internal ExpertAssignment(Tensor probabilities, int active, int capacity)
    {
        int count = probabilities.Shape[0], experts = probabilities.Shape[1];
        double[] p = probabilities.Detach().ToArray<double>();
        var taken = new List<(int Input, int Other)>[experts];
        for (int e = 0; e < experts; e++) taken[e] = [];
        var chosen = new float[count * experts];
        for (int n = 0; n < count; n++)
        {
            var row = p.AsSpan(n * experts, experts);
            int first = Likeliest(row, except: -1), second = active == 2 ? Likeliest(row, first) : first;
            Take(n, first, second);
            if (active == 2) Take(n, second, first);
        }
        Chosen = Tensor.From(chosen, count, experts).Cast(probabilities.DType);
        Counts = [.. taken.Select(list => list.Count)];
        Inputs = [.. taken.SelectMany(list => list.Select(item => item.Input))];
        Gates = [.. taken.SelectMany((list, e) => list.Select(item => item.Input * experts + e))];
        Others = [.. taken.SelectMany(list => list.Select(item => item.Input * experts + item.Other))];

        void Take(int input, int expert, int other)
        {
            chosen[input * experts + expert] = 1;
            if (taken[expert].Count < capacity) taken[expert].Add((input, other));
            else Dropped++;
        }
    }

    /// <summary>1 where an expert was chosen for an input, whether it had room or not, [N, E].</summary>
    internal Tensor Chosen { get; }

    /// <summary>How many inputs each expert takes.</summary>
    internal int[] Counts { get; }

    /// <summary>The inputs, those of expert 0 first.</summary>
    internal int[] Inputs { get; }

    /// <summary>Where their probabilities stand in [N · E].</summary>
    internal int[] Gates { get; }

    /// <summary>Where the probabilities of their other experts stand.</summary>
    internal int[] Others { get; }

    /// <summary>Choices that found their expert full.</summary>
    internal int Dropped { get; private set; }

    private static int Likeliest(ReadOnlySpan<double> row, int except)
    {
        int best = except == 0 ? 1 : 0;
        for (int e = best + 1; e < row.Length; e++)
        {
            if (e != except && row[e] > row[best]) best = e;
        }
        return best;
    }
}
