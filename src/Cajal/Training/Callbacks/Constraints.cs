namespace Cajal;

/// <summary>Keeps the weights of each unit within a ball after every step: <see cref="MaxNorm"/>.</summary>
/// <param name="limit">The largest Euclidean norm of the weights of one unit.</param>
/// <param name="parameters">Which parameters; by default those of rank 2 and more.</param>
public sealed class MaxNormConstraint(double limit, IEnumerable<Parameter>? parameters = null) : ParameterConstraint(parameters)
{
    /// <inheritdoc/>
    protected override void Apply(Parameter parameter, double learningRate) => MaxNorm.Apply(parameter, limit);
}

/// <summary>Soft thresholding after every step, w ← sign(w) max(|w| - ηλ, 0), which gives exact zeros: <see cref="ProximalLasso"/>.</summary>
/// <param name="strength">λ.</param>
/// <param name="parameters">Which parameters; by default those of rank 2 and more.</param>
public sealed class LassoConstraint(double strength, IEnumerable<Parameter>? parameters = null) : ParameterConstraint(parameters)
{
    private readonly double strength = strength >= 0 && double.IsFinite(strength)
        ? strength
        : throw new ArgumentOutOfRangeException(nameof(strength), strength, "LassoConstraint: the strength must be a finite number, zero or above.");

    /// <inheritdoc/>
    protected override void Apply(Parameter parameter, double learningRate) => parameter.CopyFrom(parameter.SoftShrink(learningRate * strength));
}
