namespace Cajal.Models;

/// <summary>
/// Trains a restricted Boltzmann machine by stochastic gradient ascent on its likelihood: batches in random order, <see cref="ContrastiveDivergence"/>, a learning rate that falls to 0 in a straight line.
/// </summary>
/// <param name="rbm">The machine.</param>
/// <example><code>new RbmTrainer(rbm) { Chains = 100 }.Fit(images, epochs: 30);</code></example>
public sealed class RbmTrainer(RestrictedBoltzmannMachine rbm)
{
    private const double VarianceShare = 0.1;

    /// <summary>The machine.</summary>
    public RestrictedBoltzmannMachine Rbm { get; } = rbm;

    /// <summary>Samples per update.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>The rate of the first update; the last one's is almost 0.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>The share of the last step that is kept.</summary>
    public double Momentum { get; init; }

    /// <summary>How much of each weight is taken from it per unit of learning; biases keep theirs.</summary>
    public double WeightDecay { get; init; } = 2e-4;

    /// <summary>k: sweeps of the chains per update.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Persistent chains; 0: contrastive divergence, from the data.</summary>
    public int Chains { get; init; }

    /// <summary>Whether gradients are those of the centred machine.</summary>
    public bool Centred { get; init; } = true;

    /// <summary>
    /// Whether numbers in [0, 1] are taken as probabilities and drawn anew each time they are used, as suits grey images and the features of another machine. Not for Gaussian visible units.
    /// </summary>
    public bool Binarise { get; init; }

    /// <summary>Whether training begins with <see cref="RestrictedBoltzmannMachine.StartFrom"/>; not for a machine that goes on learning.</summary>
    public bool StartsFromData { get; init; } = true;

    /// <summary>Trains.</summary>
    /// <param name="data">[N, visible].</param>
    /// <param name="epochs">Passes over them.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    /// <param name="progress">Is told the number of the epoch, from 1, and the share of it that is done, after every update. It may throw to end the training, and look at the machine.</param>
    /// <exception cref="ShapeException">The data are not [N, visible].</exception>
    /// <exception cref="InvalidOperationException">Real numbers are to be binarised.</exception>
    /// <returns>The learning rule, whose chains a persistent training leaves at samples of the model.</returns>
    public ContrastiveDivergence Fit(Tensor data, int epochs, Generator? generator = null, Action<int, double>? progress = null)
    {
        if (data.Rank != 2 || data.Shape[1] != Rbm.Visible) throw new ShapeException($"RbmTrainer: data must be [N, visible = {Rbm.Visible}], but are {data.Shape}.");
        if (Binarise && Rbm is GaussianRbm) throw new InvalidOperationException("RbmTrainer: Binarise is for binary visible units; a GaussianRbm learns from the numbers as they are.");
        generator ??= Generator.Current;
        if (StartsFromData) Rbm.StartFrom(data);
        int samples = data.Shape[0], updates = (samples + BatchSize - 1) / BatchSize;
        var learning = new ContrastiveDivergence(Rbm, Steps, Chains, Centred, generator: generator);
        var optimizer = new Sgd(Groups(), LearningRate, Momentum);
        var schedule = new PolynomialSchedule(Math.Max(1, (long)epochs * updates));
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            int[] order = generator.Permutation(samples);
            for (int update = 0; update < updates; update++)
            {
                var batch = data.IndexSelect(0, order.AsSpan(update * BatchSize, Math.Min(BatchSize, samples - update * BatchSize)));
                schedule.Apply(optimizer, (long)(epoch - 1) * updates + update);
                learning.Backward(Binarise ? RestrictedBoltzmannMachine.Bernoulli(batch, generator) : batch);
                optimizer.Step();
                progress?.Invoke(epoch, (update + 1.0) / updates);
            }
        }
        return learning;
    }

    private List<ParameterGroup> Groups()
    {
        List<ParameterGroup> groups = [new([Rbm.Weight], weightDecay: WeightDecay), new([Rbm.VisibleBias, Rbm.HiddenBias], weightDecay: 0)];
        // A variance that moves as fast as the weights takes up what they are to explain.
        if (Rbm is GaussianRbm gaussian) groups.Add(new([gaussian.LogVariance], LearningRate * VarianceShare, weightDecay: 0));
        return groups;
    }
}
