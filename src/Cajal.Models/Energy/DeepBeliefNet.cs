namespace Cajal.Models;

/// <summary>
/// A deep belief net (Hinton, Osindero and Teh 2006): restricted Boltzmann machines, each learning from the features of the one below. The top machine with the layers beneath it is a
/// generative model; the way up gives features, and a good start for a classifier.
/// </summary>
public sealed partial class DeepBeliefNet : Module
{
    private readonly List<BernoulliRbm> layers = [];

    /// <summary>Stacks machines.</summary>
    /// <param name="widths">Visible units, then the hidden units of each machine from the bottom: [784, 500, 500].</param>
    /// <exception cref="ArgumentException">Fewer than two widths.</exception>
    public DeepBeliefNet(params int[] widths)
    {
        if (widths.Length < 2) throw new ArgumentException("DeepBeliefNet: widths must hold the visible units and those of at least one hidden layer, as in [784, 500].", nameof(widths));
        Widths = [.. widths];
        for (int i = 1; i < widths.Length; i++) layers.Add(new BernoulliRbm(widths[i - 1], widths[i]));
    }

    /// <summary>Units of each layer, the visible ones first.</summary>
    public int[] Widths { get; }

    /// <summary>The machines, from the bottom.</summary>
    public IReadOnlyList<BernoulliRbm> Layers => layers;

    /// <summary>The features of the top layer: x [N, widths[0]] → [N, widths[^1]].</summary>
    public override Tensor Forward(Tensor x) => Report(x, Up(x, layers.Count));

    /// <summary>The features of a layer: x [N, widths[0]] → [N, widths[layer]]; layer 0 gives x itself.</summary>
    public Tensor Up(Tensor x, int layer)
    {
        for (int i = 0; i < layer; i++) x = layers[i].Call(x);
        return x;
    }

    /// <summary>Trains the machines one after the other, each on the features of the one below, drawn anew as binary each time.</summary>
    /// <param name="data">[N, widths[0]], numbers in [0, 1].</param>
    /// <param name="epochs">Passes over them for each machine.</param>
    /// <param name="trainer">Makes the trainer of a machine, given its number from 0; null: the usual settings.</param>
    /// <param name="first">The first to be trained; those below it are trained already.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    /// <param name="progress">Is told the machine's number from 0, the epoch from 1 and the share of it that is done, after every update.</param>
    public void Fit(Tensor data, int epochs, Func<BernoulliRbm, int, RbmTrainer>? trainer = null, int first = 0, Generator? generator = null, Action<int, int, double>? progress = null)
    {
        using (new NoGrad()) data = Up(data, first);
        for (int i = first; i < layers.Count; i++)
        {
            int layer = i;
            var training = trainer?.Invoke(layers[i], i) ?? new RbmTrainer(layers[i]) { Binarise = true };
            training.Fit(data, epochs, generator, (epoch, share) => progress?.Invoke(layer, epoch, share));
            using var scope = new NoGrad();
            if (i < layers.Count - 1) data = layers[i].Call(data);
        }
    }

    /// <summary>Draws from the model: Gibbs sweeps in the top machine, then one way down. Returns probabilities of the visible units, [N, widths[0]].</summary>
    /// <param name="x">Where the chains begin: [N, widths[0]].</param>
    /// <param name="sweeps">Sweeps in the top machine.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    public Tensor Sample(Tensor x, int sweeps, Generator? generator = null)
    {
        using var scope = new NoGrad();
        int top = layers.Count - 1;
        var v = RestrictedBoltzmannMachine.Bernoulli(Up(x, top), generator);
        for (int sweep = 0; sweep < sweeps; sweep++) v = layers[top].SampleVisible(layers[top].SampleHidden(v, generator), generator);
        for (int i = top - 1; i >= 0; i--) v = i == 0 ? layers[i].VisibleMeans(v) : layers[i].SampleVisible(v, generator);
        return v;
    }

    /// <summary>
    /// A network to be trained further with labels (Hinton and Salakhutdinov 2006): dense layers with copies of the weights and logistic units, then a dense layer, x [N, ...] → logits [N, classes].
    /// </summary>
    public Sequential ToClassifier(int classes)
    {
        var modules = new List<Module> { new Flatten() };
        foreach (var rbm in layers)
        {
            var dense = new Linear(rbm.Visible, rbm.Hidden);
            dense.Weight.CopyFrom(rbm.Weight);
            dense.Bias!.CopyFrom(rbm.HiddenBias);
            modules.AddRange([dense, new Sigmoid()]);
        }
        modules.Add(new Linear(Widths[^1], classes));
        return new([.. modules]);
    }
}
