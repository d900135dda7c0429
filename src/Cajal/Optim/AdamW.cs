namespace Cajal;

/// <summary>Adam with decoupled weight decay: p ← p - ηλp before the step (Loshchilov and Hutter 2019).</summary>
public sealed class AdamW : Adam
{
    /// <summary>Optimises all parameters of <paramref name="module"/> with one set of settings.</summary>
    public AdamW(Module module, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 1e-2, bool amsGrad = false, bool maximize = false)
        : this(OneGroup(module.Parameters()), learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/> with one set of settings.</summary>
    public AdamW(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 1e-2, bool amsGrad = false, bool maximize = false)
        : this(OneGroup(parameters), learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize)
    {
    }

    /// <summary>Optimises groups that may have learning rates and weight decays of their own.</summary>
    public AdamW(IEnumerable<ParameterGroup> groups, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 1e-2, bool amsGrad = false, bool maximize = false)
        : base(groups, learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize, decoupled: true)
    {
    }
}
