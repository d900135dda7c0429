namespace Cajal;

/// <summary>max(x, 0) (Nair and Hinton 2010), element by element: x [...] → [...].</summary>
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

/// <summary>x Φ(x) (Hendrycks and Gimpel 2016), element by element: x [...] → [...].</summary>
public sealed partial class GELU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Gelu());
}

/// <summary>x σ(x) (Elfwing et al. 2018), element by element: x [...] → [...].</summary>
public sealed partial class SiLU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Silu());
}

/// <summary>x tanh(softplus(x)) (Misra 2019), element by element: x [...] → [...].</summary>
public sealed partial class Mish : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Mish());
}

/// <summary>ln(1 + eˣ) (Dugas et al. 2001), element by element: x [...] → [...].</summary>
public sealed partial class Softplus : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Softplus());
}

/// <summary>The self-normalising exponential unit (Klambauer et al. 2017), element by element: x [...] → [...].</summary>
public sealed partial class SELU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Selu());
}

/// <summary>x / (1 + |x|) (Bergstra et al. 2009), element by element: x [...] → [...].</summary>
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

/// <summary>x where positive, slope · x elsewhere (Maas et al. 2013): x [...] → [...].</summary>
/// <param name="slope">The slope below zero.</param>
public sealed partial class LeakyReLU(double slope = 0.01) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.LeakyRelu(slope));
}

/// <summary>x where positive, α(eˣ - 1) elsewhere (Clevert et al. 2015): x [...] → [...].</summary>
/// <param name="alpha">The depth that large negative elements approach.</param>
public sealed partial class ELU(double alpha = 1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Elu(alpha));
}

/// <summary>clamp(x/6 + 1/2, 0, 1) (Courbariaux et al. 2015), element by element: x [...] → [...].</summary>
public sealed partial class HardSigmoid : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.HardSigmoid());
}

/// <summary>x clamp(x + 3, 0, 6)/6 (Howard et al. 2019), element by element: x [...] → [...].</summary>
public sealed partial class HardSwish : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.HardSwish());
}

/// <summary>clamp(x, 0, 6) (Krizhevsky 2010), element by element: x [...] → [...].</summary>
public sealed partial class ReLU6 : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Relu6());
}

/// <summary>x - tanh x, element by element: x [...] → [...].</summary>
public sealed partial class TanhShrink : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.TanhShrink());
}

/// <summary>clamp(x, min, max), element by element: x [...] → [...].</summary>
/// <param name="min">The lowest value.</param>
/// <param name="max">The highest value.</param>
public sealed partial class HardTanh(double min = -1, double max = 1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.HardTanh(min, max));
}

/// <summary>x where positive, α(e^(x/α) - 1) elsewhere (Barron 2017), element by element: x [...] → [...].</summary>
/// <param name="alpha">The depth that large negative elements approach.</param>
public sealed partial class CELU(double alpha = 1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Celu(alpha));
}

/// <summary>x above the threshold, a value elsewhere, element by element: x [...] → [...].</summary>
/// <param name="threshold">Elements up to this are replaced.</param>
/// <param name="value">By this.</param>
public sealed partial class Threshold(double threshold, double value = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Threshold(threshold, value));
}

/// <summary>x where |x| > λ, 0 elsewhere, element by element: x [...] → [...].</summary>
/// <param name="lambda">λ.</param>
public sealed partial class HardShrink(double lambda = 0.5) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.HardShrink(lambda));
}

/// <summary>x moved towards 0 by λ, at most to 0, element by element: x [...] → [...].</summary>
/// <param name="lambda">λ.</param>
public sealed partial class SoftShrink(double lambda = 0.5) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.SoftShrink(lambda));
}

/// <summary>Any function of a tensor, such as z², as a layer. It cannot be described in a file.</summary>
/// <param name="function">The function.</param>
public sealed partial class Lambda(Func<Tensor, Tensor> function) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, function(x));
}
