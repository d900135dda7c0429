namespace Cajal.Cli;

/// <summary>Holds the weights into each unit within a ball while training goes on: <see cref="MaxNorm"/> after every step.</summary>
internal sealed class WeightLimit(double limit) : ParameterConstraint
{
    protected override void Apply(Parameter parameter, double learningRate) => MaxNorm.Apply(parameter, limit);
}
