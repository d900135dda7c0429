namespace Cajal;

/// <summary>
/// The proximal step of the lasso, λ Σ|w| added to the objective: after each step of the optimiser, w ← sign(w) max(|w| - ηλ, 0). Unlike a penalty in the
/// loss it gives exact zeros (ISTA; Daubechies, Defrise and De Mol 2004).
/// </summary>
public sealed class ProximalLasso
{
    private readonly Optimizer optimizer;
    private readonly HashSet<Parameter> shrunk;

    /// <summary>Shrinks every parameter of the optimiser with two or more axes: weights, not biases.</summary>
    /// <param name="optimizer">Whose learning rate η scales the shrinking; plain gradient descent (Sgd) makes it the proximal gradient method.</param>
    /// <param name="strength">λ.</param>
    public ProximalLasso(Optimizer optimizer, double strength)
        : this(optimizer, strength, optimizer.Groups.SelectMany(group => group.Parameters).Where(parameter => parameter.Rank >= 2))
    {
    }

    /// <summary>Shrinks the named parameters only.</summary>
    public ProximalLasso(Optimizer optimizer, double strength, IEnumerable<Parameter> parameters)
    {
        if (!(strength >= 0) || !double.IsFinite(strength)) throw new ArgumentOutOfRangeException(nameof(strength), strength, "ProximalLasso: the strength must be a finite number, zero or above.");
        this.optimizer = optimizer;
        Strength = strength;
        shrunk = new(parameters, ReferenceEqualityComparer.Instance);
    }

    /// <summary>λ.</summary>
    public double Strength { get; }

    /// <summary>Call it after every <see cref="Optimizer.Step()"/>.</summary>
    public void Step()
    {
        using var scope = new NoGrad();
        foreach (var group in optimizer.Groups)
        {
            foreach (var parameter in group.Parameters)
            {
                if (shrunk.Contains(parameter)) parameter.CopyFrom(parameter.SoftShrink(group.LearningRate * Strength));
            }
        }
    }
}
