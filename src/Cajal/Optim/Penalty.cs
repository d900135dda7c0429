namespace Cajal;

/// <summary>
/// Penalties on the weights (parameters of rank 2 and more; biases and scales go free), as functions of a network to be added to a loss: for <see
/// cref="Trainer.Regularizer"/> or by hand,
/// <c>(loss + Penalty.Ridge(1e-4)(net)).Backward()</c>. A network without weights costs 0.
/// </summary>
public static class Penalty
{
    /// <summary>λ Σ w²: ridge, or L2 (Hoerl and Kennard 1970). Its gradient is 2 λ w, that of a weight decay of 2 λ in plain gradient descent.</summary>
    /// <param name="strength">λ ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strength"/> is negative or not finite.</exception>
    public static Func<Module, Tensor> Ridge(double strength) => ElasticNet(0, strength);

    /// <summary>
    /// λ Σ |w|: lasso, or L1 (Tibshirani 1996). Gradient steps bring weights near 0 only; <see cref="SoftThreshold"/> makes them exactly 0.
    /// </summary>
    /// <param name="strength">λ ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strength"/> is negative or not finite.</exception>
    public static Func<Module, Tensor> Lasso(double strength) => ElasticNet(strength, 0);

    /// <summary>λ₁ Σ |w| + λ₂ Σ w²: elastic net (Zou and Hastie 2005).</summary>
    /// <param name="lasso">λ₁ ≥ 0.</param>
    /// <param name="ridge">λ₂ ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A strength is negative or not finite.</exception>
    public static Func<Module, Tensor> ElasticNet(double lasso, double ridge)
    {
        Check(lasso, nameof(lasso));
        Check(ridge, nameof(ridge));
        return net =>
        {
            Tensor? sum = null;
            foreach (var weight in Weights(net))
            {
                if (lasso > 0) sum = Plus(sum, weight.Abs().Sum() * lasso);
                if (ridge > 0) sum = Plus(sum, weight.Square().Sum() * ridge);
            }
            return sum ?? Tensor.Scalar(0f);
        };
    }

    /// <summary>
    /// w ← sign(w) max(|w| - <paramref name="amount"/>, 0), in place: the proximal step of lasso, after a gradient step on the loss alone, with amount =
    /// learning rate · λ (Daubechies et al. 2004). Weights that the loss does not need become exactly 0.
    /// </summary>
    /// <param name="net">Whose weights; those that are frozen stay as they are.</param>
    /// <param name="amount">By how much each weight shrinks, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative or not finite.</exception>
    public static void SoftThreshold(Module net, double amount)
    {
        Check(amount, nameof(amount));
        foreach (var weight in Weights(net))
        {
            if (!weight.RequiresGrad) continue;
            var plain = weight.Detach();
            weight.CopyFrom((plain - amount).Relu() - (-plain - amount).Relu());
        }
    }

    private static IEnumerable<Parameter> Weights(Module net) => net.Parameters().Where(parameter => parameter.Rank > 1);

    private static Tensor Plus(Tensor? sum, Tensor term) => sum is null ? term : sum + term;

    private static void Check(double strength, string name)
    {
        if (!(strength >= 0 && double.IsFinite(strength))) throw new ArgumentOutOfRangeException(name, strength, "Penalty: a strength must be a finite number, 0 or more.");
    }
}
