namespace Cajal.Experiments;

/// <summary>Trains on a few labelled images.</summary>
/// <param name="trial">The trial.</param>
/// <param name="few">The labelled images.</param>
/// <param name="augment">A random change of them, the same for all that is compared; null: none.</param>
internal sealed class LabelledTraining(Trial trial, Dataset few, Transform? augment = null)
{
    private const int BatchSize = 50, ChunkSize = 500, ViewsPerImage = 40, LinearEpochs = 20;
    private const double LinearRate = 1e-2, Decay = 1e-4, LinearDecay = 1e-2;

    /// <summary>The backbone as it is, with a linear layer trained on its features of augmented images: x [N, ...] → logits [N, K].</summary>
    internal Sequential Linear(Module backbone)
    {
        backbone.Eval();
        // Each epoch of the loader changes the images anew.
        var loader = new DataLoader(few, few.Count, seed: trial.Seed, transform: augment);
        var (features, labels) = (new List<Tensor>(), new List<Tensor>());
        using (new NoGrad())
        {
            for (int view = 0; view < ViewsPerImage; view++)
            {
                foreach (var (images, targets) in loader)
                {
                    features.Add(backbone.Call(images));
                    labels.Add(targets);
                }
            }
        }
        var all = new TensorDataset(Tensor.Concat([.. features]), Tensor.Concat([.. labels]));
        // Features differ in scale, and the decay should not favour some of them.
        int width = all.InputShape[0];
        var head = new Sequential(new BatchNorm1d(width, affine: false), new Linear(width, few.Classes!.Count));
        var trainer = new Trainer(head, new CrossEntropyLoss(), new AdamW(head, LinearRate, weightDecay: LinearDecay)) { Schedule = Falling };
        trial.Fit("linear layer", trainer, all, LinearEpochs, batchSize: few.Count);
        var net = new Sequential(backbone.Clone(), head);
        net.Eval();
        return net;
    }

    /// <summary>Trains all of a network.</summary>
    internal Module Tune(string stage, Module net, double learningRate, int epochs)
    {
        var trainer = new Trainer(net, new CrossEntropyLoss(), new AdamW(net, learningRate, weightDecay: Decay)) { Schedule = Falling };
        trial.Fit(stage, trainer, few, epochs, BatchSize, augment: augment);
        return net;
    }

    /// <summary>Share of the images that are named rightly.</summary>
    internal static double Accuracy(Module net, Dataset data)
    {
        using var noGrad = new NoGrad();
        net.Eval();
        double right = 0;
        foreach (var (images, labels) in new DataLoader(data, ChunkSize)) right += net.Call(images).ArgMax(1).EqualTo(labels).Cast(DType.Float32).Sum().Item();
        return right / data.Count;
    }

    private static double Falling(double share) => (1 + Math.Cos(Math.PI * share)) / 2;
}
