namespace Cajal.Models;

/// <summary>How the next token is chosen from its logits. The cuts apply in the order temperature, top-k, top-p.</summary>
public sealed record Sampling
{
    /// <summary>Divides the logits: below 1 the likely becomes likelier; 0 takes the likeliest always.</summary>
    public double Temperature
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "Sampling: the temperature must be a finite number, 0 or above.");
    } = 1;

    /// <summary>Only so many of the likeliest tokens are drawn from (Fan et al. 2018); 0: all.</summary>
    public int TopK
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(TopK), value, "Sampling: TopK must be 0 (all tokens) or above.");
    }

    /// <summary>Only the likeliest tokens that together have this probability are drawn from (Holtzman et al. 2020), in (0, 1]; 1: all.</summary>
    public double TopP
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(TopP), value, "Sampling: TopP must lie in (0, 1].");
    } = 1;
}

/// <summary>Draws tokens, with buffers that are used again for every token.</summary>
internal sealed class TokenSampler(Sampling sampling, int vocabulary, Generator random)
{
    private readonly double[] weights = new double[vocabulary];
    private readonly int[] order = new int[vocabulary];
    private readonly float[] keys = new float[vocabulary];

    /// <summary>One token by logits [K]; of equal ones the first.</summary>
    internal int Choose(ReadOnlySpan<float> logits)
    {
        int best = Likeliest(logits);
        if (!float.IsFinite(logits[best])) throw Spoilt();
        if (sampling.Temperature == 0) return best;
        double total = 0;
        for (int i = 0; i < logits.Length; i++) total += weights[i] = Math.Exp(((double)logits[i] - logits[best]) / sampling.Temperature);
        if (!double.IsFinite(total)) throw Spoilt();
        if ((sampling.TopK > 0 && sampling.TopK < logits.Length) || sampling.TopP < 1) total = Cut(logits, total);
        double draw = random.NextUniform() * total;
        int last = best;
        for (int i = 0; i < logits.Length; i++)
        {
            if (weights[i] == 0) continue;
            last = i;
            if ((draw -= weights[i]) < 0) return i;
        }
        return last;
    }

    private static DivergenceException Spoilt() => new("Generate: a logit is not a finite number; the weights of the network are spoilt.");

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i])) return i;
            if (logits[i] > logits[best]) best = i;
        }
        return best;
    }

    /// <summary>Sets the weights of tokens that are not drawn from to 0; returns the sum of the others.</summary>
    private double Cut(ReadOnlySpan<float> logits, double total)
    {
        for (int i = 0; i < logits.Length; i++) (order[i], keys[i]) = (i, -logits[i]);
        Array.Sort(keys, order);
        int most = sampling.TopK == 0 ? logits.Length : Math.Min(sampling.TopK, logits.Length);
        double head = 0;
        for (int i = 0; i < most; i++) head += weights[order[i]];
        double kept = 0;
        int count = 0;
        while (count < most && (count == 0 || kept < sampling.TopP * head)) kept += weights[order[count++]];
        for (int i = count; i < logits.Length; i++) weights[order[i]] = 0;
        return kept;
    }
}
