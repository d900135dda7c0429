namespace Cajal.Models;

/// <summary>Real numbers, each normal around the network's output with a spread that is learnt, independent of one another and of what is seen.</summary>
/// <param name="logStd">The logarithms of the spreads, [actions].</param>
public sealed class GaussianActions(Tensor logStd) : ActionDistribution
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <inheritdoc/>
    public override int OutputSize => logStd.Count;

    /// <inheritdoc/>
    public override int ActionSize => logStd.Count;

    /// <inheritdoc/>
    public override void Sample(ReadOnlySpan<float> outputs, Generator random, Span<float> actions, Span<float> logProbabilities)
    {
        float[] logs = logStd.ToArray<float>();
        random.FillNormal(actions);
        for (int n = 0; n < logProbabilities.Length; n++)
        {
            double sum = 0;
            for (int i = 0; i < logs.Length; i++)
            {
                ref float action = ref actions[n * logs.Length + i];
                sum -= 0.5 * action * action + logs[i] + HalfLogTwoPi;
                action = outputs[n * logs.Length + i] + MathF.Exp(logs[i]) * action;
            }
            logProbabilities[n] = (float)sum;
        }
    }

    /// <inheritdoc/>
    public override void Likeliest(ReadOnlySpan<float> outputs, Span<float> actions) => outputs.CopyTo(actions);

    /// <inheritdoc/>
    public override Tensor LogProbability(Tensor outputs, Tensor actions) =>
        (((actions - outputs) * (-logStd).Exp()).Square() * -0.5 - logStd - HalfLogTwoPi).Sum(1);

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor outputs) => (logStd + (0.5 + HalfLogTwoPi)).Sum().Expand(outputs.Shape[0]);
}
