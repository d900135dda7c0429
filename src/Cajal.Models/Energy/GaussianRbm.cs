namespace Cajal.Models;

/// <summary>
/// The restricted Boltzmann machine with real visible units, for data of mean 0 and variance about 1: E(v, h) = Σᵢ (vᵢ − bᵢ)² / 2σᵢ² − cᵀh − hᵀW(v / σ²),
/// p(v | h) normal with mean b + Wᵀh and variances σ², p(h = 1 | v) = σ(c + W(v / σ²)). The variances are learned through z = log σ² (Cho, Ilin and Raiko 2011).
/// </summary>
/// <param name="visible">Number of visible units.</param>
/// <param name="hidden">Number of hidden units.</param>
public sealed partial class GaussianRbm(int visible, int hidden) : RestrictedBoltzmannMachine(visible, hidden, Math.Sqrt(2.0 / (visible + hidden)))
{
    private const double LeastVariance = 1e-6;
    private readonly Parameter logVariance = new(Tensor.Zeros(visible));

    /// <summary>z = log σ² [visible]. Starts at 0.</summary>
    public Parameter LogVariance => logVariance;

    /// <inheritdoc/>
    public override void StartFrom(Tensor data)
    {
        using var scope = new NoGrad();
        VisibleBias.CopyFrom(data.Mean(0));
        // With the whole variance in σ² the weights would have nothing left to explain, and would not grow.
        logVariance.CopyFrom((data.Var([0], correction: 0) / 2).Clamp(LeastVariance, double.PositiveInfinity).Log());
    }

    internal override double ConstantEnergy => (VisibleBias.Detach().Square() * Precision.Detach()).Sum().Item() / 2;

    private Tensor Precision => (-logVariance).Exp();

    internal override Tensor VisibleEnergy(Tensor v) => ((v - VisibleBias).Square() * Precision).Sum(-1) / 2;

    internal override Tensor Statistic(Tensor v) => v * Precision;

    internal override Tensor Means(Tensor input) => input;

    internal override Tensor Sample(Tensor input, Generator? generator) =>
        input + Tensor.Normal(input.Shape, dtype: input.DType, generator: generator) * (logVariance / 2).Exp();

    internal override Tensor LogNormaliser(Tensor input) => (input.Square() * Precision + logVariance + Math.Log(2 * Math.PI)).Sum(-1) / 2;

    internal override Tensor InputFor(Tensor means) => means;

    /// <summary>∂E/∂z = −e^(−z) ((v − b)² / 2 − v Wᵀh), its mean over the data less its mean over the model.</summary>
    internal override void OwnGradients(Tensor dataV, Tensor dataH, Tensor modelV, Tensor modelH)
    {
        logVariance.Grad = (Slope(modelV, modelH) - Slope(dataV, dataH)) * Precision;

        Tensor Slope(Tensor v, Tensor h) => ((v - VisibleBias).Square() / 2 - v * h.MatMul(Weight)).Mean(0);
    }
}
