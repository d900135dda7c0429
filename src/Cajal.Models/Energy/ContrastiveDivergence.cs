namespace Cajal.Models;

/// <summary>
/// Estimates the gradient of a restricted Boltzmann machine's mean negative log-likelihood, ⟨∂E/∂θ⟩ over the data less ⟨∂E/∂θ⟩ over the model, and leaves it where an optimiser looks
/// for it. The model's part comes from Gibbs chains that begin at the data and are cut short (contrastive divergence, CD-k: Hinton 2002), or from chains that go on from update to update
/// (persistent, PCD: Tieleman 2008), which is what a good likelihood asks for.
/// </summary>
/// <remarks>
/// <para>With G = ⟨h s(v)ᵀ⟩ over the model less the data, g = ⟨s(v)⟩ and γ = ⟨h⟩ likewise, the gradients are ∂W = G, ∂b = g, ∂c = γ.</para>
/// <para>
/// They depend on whether a pixel is written as v or as 1 − v. Centring takes them in the coordinates of the machine whose statistics are measured from the offsets μ ≈ ⟨s(v)⟩ and λ ≈ ⟨h⟩ of the data:
/// ∂W' = G − λgᵀ − γμᵀ, ∂b' = g − ∂W'ᵀλ, ∂c' = γ − ∂W'μ. It is the same machine, which then learns much faster (Cho, Raiko and Ilin 2011; Montavon and Müller 2012; Melchior, Fischer and
/// Wiskott 2016).
/// </para>
/// </remarks>
/// <example><code>
/// var learning = new ContrastiveDivergence(rbm, chains: 100);
/// foreach (var batch in batches) { learning.Backward(batch); optimizer.Step(); }
/// </code></example>
public sealed class ContrastiveDivergence
{
    private readonly RestrictedBoltzmannMachine rbm;
    private readonly int steps;
    private readonly int chains;
    private readonly bool centred;
    private readonly double forgetting;
    private readonly Generator? generator;
    private Tensor? hidden;
    private Tensor? visibleOffset;
    private Tensor? hiddenOffset;

    /// <summary>Chooses the kind.</summary>
    /// <param name="rbm">The machine that learns.</param>
    /// <param name="steps">k: sweeps of the chains per update.</param>
    /// <param name="chains">How many chains go on from update to update; 0: as many as samples, begun at the data each time (CD-k).</param>
    /// <param name="centred">Whether gradients are those of the centred machine.</param>
    /// <param name="forgetting">The share of the newest batch in the running means μ and λ.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    public ContrastiveDivergence(RestrictedBoltzmannMachine rbm, int steps = 1, int chains = 0, bool centred = true, double forgetting = 0.01, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(rbm);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(chains);
        if (!(forgetting > 0 && forgetting <= 1)) throw new ArgumentOutOfRangeException(nameof(forgetting), forgetting, "ContrastiveDivergence: forgetting must lie above 0 and not above 1.");
        (this.rbm, this.steps, this.chains, this.centred, this.forgetting, this.generator) = (rbm, steps, chains, centred, forgetting, generator);
    }

    /// <summary>The visible units [chains, visible] at which the persistent chains stood at the last update; null before, and for CD-k.</summary>
    public Tensor? Chains { get; private set; }

    /// <summary>Sets the gradient of every parameter from a batch v [N, visible], as <c>loss.Backward()</c> would.</summary>
    /// <exception cref="ShapeException">The last axis of v is not as long as there are visible units.</exception>
    public void Backward(Tensor v)
    {
        using var scope = new NoGrad();
        var dataH = rbm.Forward(v);
        // A chain is remembered by its hidden units: its next visible ones are then drawn with the weights as they are after the update.
        var h = chains == 0 ? RestrictedBoltzmannMachine.Bernoulli(dataH, generator) : hidden ?? FirstHidden(v);
        var modelV = rbm.SampleVisible(h, generator);
        for (int step = 1; step < steps; step++) modelV = rbm.SampleVisible(rbm.SampleHidden(modelV, generator), generator);
        var modelH = rbm.Forward(modelV);
        if (chains > 0) (Chains, hidden) = (modelV, RestrictedBoltzmannMachine.Bernoulli(modelH, generator));
        SetGradients(v, dataH, modelV, modelH);
    }

    /// <summary>Persistent chains begin where the data are.</summary>
    private Tensor FirstHidden(Tensor v) => rbm.SampleHidden(v.IndexSelect(0, [.. Enumerable.Range(0, chains).Select(i => i % v.Shape[0])]), generator);

    private void SetGradients(Tensor dataV, Tensor dataH, Tensor modelV, Tensor modelH)
    {
        var (dataS, modelS) = (rbm.Statistic(dataV), rbm.Statistic(modelV));
        var (dataMeanS, dataMeanH) = (dataS.Mean(0), dataH.Mean(0));
        var visible = modelS.Mean(0) - dataMeanS;
        var hidden = modelH.Mean(0) - dataMeanH;
        // One product of both parts: their rows stand one above the other, divided by how many there are.
        var weight = Tensor.Concat([modelH / modelH.Shape[0], dataH * (-1.0 / dataH.Shape[0])]).T.MatMul(Tensor.Concat([modelS, dataS]));
        if (centred)
        {
            var mu = visibleOffset = visibleOffset is null ? dataMeanS : visibleOffset.Lerp(dataMeanS, forgetting);
            var lambda = hiddenOffset = hiddenOffset is null ? dataMeanH : hiddenOffset.Lerp(dataMeanH, forgetting);
            weight.SubtractInPlace(lambda.Outer(visible));
            weight.SubtractInPlace(hidden.Outer(mu));
            visible -= lambda.MatMul(weight);
            hidden -= weight.MatMul(mu);
        }
        (rbm.Weight.Grad, rbm.VisibleBias.Grad, rbm.HiddenBias.Grad) = (weight, visible, hidden);
        rbm.OwnGradients(dataV, dataH, modelV, modelH);
    }
}
