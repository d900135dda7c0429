using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Trains autoencoders to give images back, and measures how well they do.</summary>
internal sealed class AutoencoderTraining(Trial trial, ImageSplit data)
{
    private const int BatchSize = 128, QuickBatchSize = 32, ChunkSize = 500;
    private const double LearningRate = 2e-3, SparsityWeight = 1e-3;
    private readonly Dataset train = OntoItself(data.Train), validation = OntoItself(data.Validation);

    private int Batch => trial.Quick ? QuickBatchSize : BatchSize;

    /// <summary>Adam on the mean squared error, the learning rate falling along half a cosine; what noise spoils must be given back clean.</summary>
    internal History Fit(string stage, Module net, int epochs, Transform? noise = null)
    {
        var trainer = new Trainer(net, new MseLoss(), new Adam(net, LearningRate)) { Schedule = share => (1 + Math.Cos(Math.PI * share)) / 2 };
        return trial.Fit(stage, trainer, train, epochs, Batch, validation, noise);
    }

    /// <summary>The same with a penalty on units that are active more often, or less, than they should be.</summary>
    internal void FitSparse(string stage, Autoencoder net, int epochs, double activity)
    {
        var loader = new DataLoader(train, Batch, shuffle: true, seed: trial.Seed);
        var optimizer = new Adam(net, LearningRate);
        var loss = new MseLoss();
        var schedule = new CosineSchedule((long)epochs * loader.Count);
        long step = 0;
        net.Train();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            double sum = 0, active = 0;
            foreach (var (images, targets) in loader)
            {
                schedule.Apply(optimizer, step);
                optimizer.ZeroGrad();
                var codes = net.Encode(images);
                var error = loss.Forward(net.Decode(codes), targets);
                (error + Sparsity.Penalty(codes, activity) * SparsityWeight).Backward();
                optimizer.Step();
                (sum, active) = (sum + error.Item(), active + codes.Mean().Item());
                trial.Progress(stage, (double)(++step % loader.Count) / loader.Count);
            }
            trial.Step(stage, epoch + 1, epochs, ("error", sum / loader.Count), ("activity", active / loader.Count));
        }
        net.Eval();
    }

    /// <summary>What a network gives back, without a gradient.</summary>
    internal static Tensor Output(Module net, Tensor images) => InPieces(images, net.Call);

    /// <summary>The codes of images, [N, E].</summary>
    internal static Tensor Codes(Autoencoder net, Tensor images) => InPieces(images, net.Encode);

    /// <summary>Mean squared error per pixel.</summary>
    internal static double Error(Tensor found, Tensor images) => (found - images).Square().Mean().Item();

    private static Tensor InPieces(Tensor images, Func<Tensor, Tensor> function)
    {
        using var noGrad = new NoGrad();
        return Tensor.Concat([.. images.Split(ChunkSize).Select(function)], 0);
    }

    /// <summary>The same images, each its own target.</summary>
    private static TensorDataset OntoItself(Dataset images)
    {
        var all = images.ToBatch().Inputs;
        return new(all, all);
    }
}
