using System.Numerics.Tensors;

namespace Cajal.Models;

/// <summary>One of several actions, with probabilities softmax(logits). An action is its index.</summary>
/// <param name="count">Actions.</param>
public sealed class CategoricalActions(int count) : ActionDistribution
{
    /// <inheritdoc/>
    public override int OutputSize => count;

    /// <inheritdoc/>
    public override int ActionSize => 1;

    /// <inheritdoc/>
    public override void Sample(ReadOnlySpan<float> outputs, Generator random, Span<float> actions, Span<float> logProbabilities)
    {
        var draws = new double[actions.Length];
        random.FillUniform(draws.AsSpan());
        for (int n = 0; n < actions.Length; n++)
        {
            var logits = outputs.Slice(n * count, count);
            double most = TensorPrimitives.Max(logits), sum = 0;
            foreach (float logit in logits) sum += Math.Exp(logit - most);
            // The first action whose cumulative weight exceeds the draw; the last takes what rounding leaves.
            int chosen = 0;
            double left = draws[n] * sum - Math.Exp(logits[0] - most);
            while (left >= 0 && chosen < count - 1) left -= Math.Exp(logits[++chosen] - most);
            actions[n] = chosen;
            logProbabilities[n] = (float)(logits[chosen] - most - Math.Log(sum));
        }
    }

    /// <inheritdoc/>
    public override void Likeliest(ReadOnlySpan<float> outputs, Span<float> actions)
    {
        for (int n = 0; n < actions.Length; n++) actions[n] = TensorPrimitives.IndexOfMax(outputs.Slice(n * count, count));
    }

    /// <inheritdoc/>
    public override Tensor LogProbability(Tensor outputs, Tensor actions) => outputs.LogSoftmax().Gather(1, actions.Cast(DType.Int64)).Squeeze(1);

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor outputs)
    {
        var logs = outputs.LogSoftmax();
        return -(logs.Exp() * logs).Sum(1);
    }
}
