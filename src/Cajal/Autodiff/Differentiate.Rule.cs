using Cajal.Autodiff;

namespace Cajal;

public static partial class Differentiate
{
    /// <summary>
    /// Puts a result on the tape with a gradient of one's own, where the tape's would be wasteful or does not exist: the adjoint of a solver, a straight-through estimate. Compute
    /// <paramref name="output"/> inside <see cref="NoGrad"/>.
    /// </summary>
    /// <param name="name">How errors, traces and profiles name it.</param>
    /// <param name="output">The result; the tensor returned shares its memory.</param>
    /// <param name="inputs">What it depends on.</param>
    /// <param name="rule">Gradient of the result → gradients of the inputs, in their order, null where there is none. Made of ops it can be differentiated again.</param>
    /// <exception cref="InvalidOperationException">In the backward pass: the rule gave another number of gradients.</exception>
    public static Tensor WithRule(string name, Tensor output, ReadOnlySpan<Tensor> inputs, Func<Tensor, Tensor?[]> rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rule);
        return Tape.Record(name, output.Detach(), inputs, (Name: name, Rule: rule, Inputs: inputs.Length), static (g, saved, _) =>
        {
            var gradients = saved.Rule(g);
            return gradients.Length == saved.Inputs ? new InputGradients(gradients)
                : throw new InvalidOperationException($"{saved.Name}: the rule gave {gradients.Length} gradients for {saved.Inputs} inputs. Give null for an input without one.");
        });
    }
}
