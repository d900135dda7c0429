namespace Cajal;

/// <summary>eˣ / Σ eˣ along an axis: x [...] → [...].</summary>
/// <param name="axis">The axis whose elements compete.</param>
public sealed partial class Softmax(int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Softmax(axis));
}

/// <summary>x - ln Σ eˣ along an axis: x [...] → [...].</summary>
/// <param name="axis">The axis whose elements compete.</param>
public sealed partial class LogSoftmax(int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.LogSoftmax(axis));
}

/// <summary>The largest of every group of neighbours along an axis (Goodfellow et al. 2013): [..., K · pieces, ...] → [..., K, ...].</summary>
/// <param name="pieces">Neighbours that compete.</param>
/// <param name="axis">Along which.</param>
public sealed partial class Maxout(int pieces, int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Maxout(pieces, axis));
}

/// <summary>The first half along an axis times σ of the second half (Dauphin et al. 2017): [..., 2K, ...] → [..., K, ...].</summary>
/// <param name="axis">Along which.</param>
public sealed partial class GLU(int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Glu(axis));
}

/// <summary>x where positive, weight · x elsewhere, the slope being learned (He et al. 2015): x [...] → [...], or x [N, C, ...] with a slope per channel.</summary>
/// <param name="channels">1 for one slope, C for one per channel.</param>
/// <param name="start">The slopes to begin with.</param>
public sealed partial class PReLU(int channels = 1, [NotDescribed] double start = 0.25) : Module
{
    private readonly Parameter weight = new(Tensor.Full([channels], start));

    /// <summary>The slopes [channels].</summary>
    public Parameter Weight => weight;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Prelu(weight));
}

/// <summary>a + b x, the linear activation, element by element: x [...] → [...].</summary>
/// <param name="a">The value at 0.</param>
/// <param name="b">The slope.</param>
public sealed partial class LinearActivation(double a = 0, double b = 1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x * b + a);
}

/// <summary>1 where x is positive, 0 elsewhere (McCulloch and Pitts 1943): x [...] → [...]. It has no slope; a surrogate lends it one for training.</summary>
/// <param name="surrogate">The function whose slope is used in the backward pass.</param>
/// <param name="sharpness">How narrow it is; 0 for its own default.</param>
/// <param name="atZero">The value at 0.</param>
public sealed partial class Heaviside(SurrogateKind surrogate = SurrogateKind.None, double sharpness = 0, double atZero = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Heaviside(atZero, Surrogate.Of(surrogate, sharpness)));
}

/// <summary>-1, 0 or 1 by the sign of x (Rosenblatt 1958): x [...] → [...]. It has no slope; a surrogate lends it one for training.</summary>
/// <param name="surrogate">The function whose slope is used in the backward pass.</param>
/// <param name="sharpness">How narrow it is; 0 for its own default.</param>
public sealed partial class Sign(SurrogateKind surrogate = SurrogateKind.None, double sharpness = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, x.Sign(Surrogate.Of(surrogate, sharpness)));
}
