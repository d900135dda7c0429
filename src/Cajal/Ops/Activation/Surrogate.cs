namespace Cajal;

/// <summary>The families of surrogate derivatives.</summary>
public enum SurrogateKind
{
    /// <summary>The true derivative: 0.</summary>
    None,

    /// <summary>1 everywhere: the gradient passes unchanged (Bengio et al. 2013).</summary>
    StraightThrough,

    /// <summary>That of σ(kx).</summary>
    Sigmoid,

    /// <summary>1/(1 + k|x|)², that of x/(1 + k|x|) (Zenke and Ganguli 2018).</summary>
    FastSigmoid,

    /// <summary>max(0, 1 - k|x|) k: a triangle of area 1 and half-width 1/k.</summary>
    Triangle,

    /// <summary>k/2 / (1 + (πkx/2)²), that of arctan(πkx/2)/π (Fang et al. 2021).</summary>
    ATan,
}

/// <summary>What stands in for the derivative of a step at 0. <paramref name="Sharpness"/> k: the larger, the narrower.</summary>
/// <param name="Kind">The family.</param>
/// <param name="Sharpness">k, in 1 / units of the input.</param>
public sealed record Surrogate(SurrogateKind Kind, double Sharpness = 1)
{
    /// <summary>The true derivative: nothing is learnt through the step.</summary>
    public static Surrogate None { get; } = new(SurrogateKind.None);

    /// <summary>The gradient passes unchanged.</summary>
    public static Surrogate StraightThrough { get; } = new(SurrogateKind.StraightThrough);

    /// <summary>The derivative of σ(kx).</summary>
    public static Surrogate Sigmoid(double k = 4) => new(SurrogateKind.Sigmoid, k);

    /// <summary>The derivative of x/(1 + k|x|).</summary>
    public static Surrogate FastSigmoid(double k = 25) => new(SurrogateKind.FastSigmoid, k);

    /// <summary>A triangle of area 1 and half-width 1/k.</summary>
    public static Surrogate Triangle(double k = 1) => new(SurrogateKind.Triangle, k);

    /// <summary>The derivative of arctan(πkx/2)/π.</summary>
    public static Surrogate ATan(double k = 2) => new(SurrogateKind.ATan, k);

    /// <summary>The surrogate of a kind, with its usual sharpness where <paramref name="sharpness"/> is 0.</summary>
    public static Surrogate Of(SurrogateKind kind, double sharpness = 0) => sharpness != 0 ? new(kind, sharpness) : kind switch
    {
        SurrogateKind.Sigmoid => Sigmoid(),
        SurrogateKind.FastSigmoid => FastSigmoid(),
        SurrogateKind.Triangle => Triangle(),
        SurrogateKind.ATan => ATan(),
        _ => new(kind),
    };

    /// <summary>The smooth function whose derivative is <see cref="Slope"/>.</summary>
    public Tensor Smooth(Tensor x) => Kind switch
    {
        SurrogateKind.None => Tensor.ZerosLike(x),
        SurrogateKind.StraightThrough => x,
        SurrogateKind.Sigmoid => (x * Sharpness).Sigmoid(),
        SurrogateKind.FastSigmoid => x / ((x * Sharpness).Abs() + 1),
        // The integral of the triangle: 1/2 ± (u - u²/2), u = k|x| up to 1.
        SurrogateKind.Triangle => Ramp((x * Sharpness).Clamp(-1, 1)),
        _ => (x * (Math.PI / 2 * Sharpness)).Atan() / Math.PI,
    };

    /// <summary>The surrogate derivative at x, in differentiable ops.</summary>
    public Tensor Slope(Tensor x)
    {
        switch (Kind)
        {
            case SurrogateKind.None: return Tensor.ZerosLike(x);
            case SurrogateKind.StraightThrough: return Tensor.OnesLike(x);
            case SurrogateKind.Sigmoid:
                var s = (x * Sharpness).Sigmoid();
                return s * (1 - s) * Sharpness;
            case SurrogateKind.FastSigmoid: return ((x * Sharpness).Abs() + 1).Square().Reciprocal();
            case SurrogateKind.Triangle: return (1 - (x * Sharpness).Abs()).Relu() * Sharpness;
            default: return ((x * (Math.PI / 2 * Sharpness)).Square() + 1).Reciprocal() * (Sharpness / 2);
        }
    }

    private static Tensor Ramp(Tensor u) => u - u * u.Abs() / 2 + 0.5;
}
