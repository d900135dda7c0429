namespace Cajal;

/// <summary>max(x, 0), element by element: x [...] → [...].</summary>
public sealed partial class ReLU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Relu());
}

/// <summary>tanh x, element by element: x [...] → [...].</summary>
public sealed partial class Tanh : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Tanh());
}

/// <summary>1/(1 + e⁻ˣ), element by element: x [...] → [...].</summary>
public sealed partial class Sigmoid : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Sigmoid());
}

/// <summary>x Φ(x), element by element: x [...] → [...].</summary>
public sealed partial class GELU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Gelu());
}

/// <summary>x σ(x), element by element: x [...] → [...].</summary>
public sealed partial class SiLU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Silu());
}

/// <summary>x tanh(softplus(x)), element by element: x [...] → [...].</summary>
public sealed partial class Mish : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Mish());
}

/// <summary>ln(1 + eˣ), element by element: x [...] → [...].</summary>
public sealed partial class Softplus : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Softplus());
}

/// <summary>the self-normalising exponential unit, element by element: x [...] → [...].</summary>
public sealed partial class SELU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Selu());
}

/// <summary>x / (1 + |x|), element by element: x [...] → [...].</summary>
public sealed partial class Softsign : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Softsign());
}

/// <summary>ln σ(x), element by element: x [...] → [...].</summary>
public sealed partial class LogSigmoid : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.LogSigmoid());
}

/// <summary>x where positive, slope · x elsewhere: x [...] → [...].</summary>
/// <param name="slope">The slope below zero.</param>
public sealed partial class LeakyReLU(double slope = 0.01) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.LeakyRelu(slope));
}

/// <summary>x where positive, α(eˣ - 1) elsewhere: x [...] → [...].</summary>
/// <param name="alpha">The depth that large negative elements approach.</param>
public sealed partial class ELU(double alpha = 1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Elu(alpha));
}

/// <summary>Any function of a tensor, such as z², as a layer. It cannot be described in a file.</summary>
/// <param name="function">The function.</param>
public sealed partial class Lambda(Func<Tensor, Tensor> function) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, function(x));
}
