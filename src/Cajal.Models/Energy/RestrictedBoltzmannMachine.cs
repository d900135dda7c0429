namespace Cajal.Models;

/// <summary>
/// A restricted Boltzmann machine (Smolensky 1986): visible units v and binary hidden units h with p(v, h) = e^(−E(v, h)) / Z, and no connection within a layer, so each layer is independent
/// given the other. v [N, visible], h [N, hidden]. <see cref="ContrastiveDivergence"/> learns one, <see cref="AnnealedImportanceSampling"/> estimates its Z.
/// </summary>
/// <remarks>
/// Both kinds have the energy E = E₀(v) − bᵀs(v) − cᵀh − hᵀW s(v), where s(v) is what the weights see: v itself if it is binary, v / σ² if it is Gaussian.
/// So p(h = 1 | v) = σ(c + W s(v)), and the free energy F(v) = −log Σₕ e^(−E(v, h)) = E₀(v) − bᵀs(v) − Σⱼ log(1 + e^(c + W s(v))ⱼ) costs one product.
/// </remarks>
public abstract partial class RestrictedBoltzmannMachine : Module
{
    private readonly Parameter weight;
    private readonly Parameter visibleBias;
    private readonly Parameter hiddenBias;

    private protected RestrictedBoltzmannMachine(int visible, int hidden, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(visible, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        weight = new(Tensor.Normal([hidden, visible], 0, deviation));
        visibleBias = new(Tensor.Zeros(visible));
        hiddenBias = new(Tensor.Zeros(hidden));
    }

    /// <summary>Number of visible units.</summary>
    public int Visible => weight.Shape[1];

    /// <summary>Number of hidden units.</summary>
    public int Hidden => weight.Shape[0];

    /// <summary>W [hidden, visible]. Starts normal: with a deviation of 0.01 where v is binary (Hinton 2012), and where it is Gaussian of √(2 / (visible + hidden)).</summary>
    public Parameter Weight => weight;

    /// <summary>b [visible]. Starts at 0; see <see cref="StartFrom"/>.</summary>
    public Parameter VisibleBias => visibleBias;

    /// <summary>c [hidden]. Starts at 0.</summary>
    public Parameter HiddenBias => hiddenBias;

    /// <summary>The features of v: the probabilities p(h = 1 | v), v [N, visible] → [N, hidden].</summary>
    /// <exception cref="ShapeException">The last axis of v is not as long as there are visible units.</exception>
    public override Tensor Forward(Tensor x) => Report(x, HiddenInput(x).Sigmoid());

    /// <summary>h drawn from p(h | v): v [N, visible] → h [N, hidden] of zeros and ones.</summary>
    /// <param name="v">Visible units.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    public Tensor SampleHidden(Tensor v, Generator? generator = null) => Bernoulli(Forward(v), generator);

    /// <summary>The mean of p(v | h): h [N, hidden] → [N, visible]. Probabilities where v is binary.</summary>
    /// <exception cref="ShapeException">The last axis of h is not as long as there are hidden units.</exception>
    public Tensor VisibleMeans(Tensor h) => Means(VisibleInput(h));

    /// <summary>v drawn from p(v | h): h [N, hidden] → [N, visible].</summary>
    /// <inheritdoc cref="SampleHidden"/>
    public Tensor SampleVisible(Tensor h, Generator? generator = null) => Sample(VisibleInput(h), generator);

    /// <summary>Samples hidden and visible units in turns (Geman and Geman 1984): v [N, visible] → v [N, visible] that many sweeps later.</summary>
    /// <param name="v">Where the chains begin.</param>
    /// <param name="sweeps">How often both layers are drawn.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    public Tensor Gibbs(Tensor v, int sweeps, Generator? generator = null)
    {
        using var scope = new NoGrad();
        for (int sweep = 0; sweep < sweeps; sweep++) v = SampleVisible(SampleHidden(v, generator), generator);
        return v;
    }

    /// <summary>E(v, h): v [N, visible], h [N, hidden] → [N].</summary>
    public Tensor Energy(Tensor v, Tensor h) => -(HiddenInput(v) * h).Sum(-1) + VisibleEnergy(v);

    /// <summary>F(v) = −log Σₕ e^(−E(v, h)), so that log p(v) = −F(v) − log Z: v [N, visible] → [N]. Differentiable.</summary>
    public Tensor FreeEnergy(Tensor v) => -HiddenInput(v).Softplus().Sum(-1) + VisibleEnergy(v);

    /// <summary>Sets the visible biases so that the machine, while its weights are small, has the means of the data. A Gaussian one also gets half of their variances.</summary>
    /// <param name="data">[N, visible].</param>
    public abstract void StartFrom(Tensor data);

    /// <summary>c + W s(v).</summary>
    internal Tensor HiddenInput(Tensor v)
    {
        if (v.Rank == 0 || v.Shape[^1] != Visible) throw new ShapeException($"{Label}: the last axis of v must be visible = {Visible}, but v is {v.Shape}.");
        return Statistic(v).Linear(weight, hiddenBias);
    }

    /// <summary>b + Wᵀh: the factor of s(v) in −E.</summary>
    internal Tensor VisibleInput(Tensor h)
    {
        if (h.Rank == 0 || h.Shape[^1] != Hidden) throw new ShapeException($"{Label}: the last axis of h must be hidden = {Hidden}, but h is {h.Shape}.");
        return h.MatMul(weight) + visibleBias;
    }

    /// <summary>E₀(v) − bᵀs(v): [N].</summary>
    internal abstract Tensor VisibleEnergy(Tensor v);

    /// <summary>s(v).</summary>
    internal abstract Tensor Statistic(Tensor v);

    /// <summary>The mean of the visible units whose s(v) has that factor.</summary>
    internal abstract Tensor Means(Tensor input);

    /// <summary>Visible units whose s(v) has that factor.</summary>
    internal abstract Tensor Sample(Tensor input, Generator? generator);

    /// <summary>log of the sum or integral of e^(inputᵀs(v) − E₀(v)) over all v: [N], without what of E₀ does not depend on v.</summary>
    internal abstract Tensor LogNormaliser(Tensor input);

    /// <summary>The factor of s(v) with which visible units alone have these means.</summary>
    internal abstract Tensor InputFor(Tensor means);

    /// <summary>What of E₀ does not depend on v.</summary>
    internal abstract double ConstantEnergy { get; }

    /// <summary>Sets the gradients of parameters that only one kind of machine has; h are probabilities.</summary>
    internal virtual void OwnGradients(Tensor dataV, Tensor dataH, Tensor modelV, Tensor modelH)
    {
    }

    /// <summary>1 with the given probabilities, else 0.</summary>
    internal static Tensor Bernoulli(Tensor probabilities, Generator? generator) =>
        (Tensor.Uniform(probabilities.Shape, dtype: probabilities.DType, generator: generator) < probabilities.Detach()).Cast(probabilities.DType);
}
