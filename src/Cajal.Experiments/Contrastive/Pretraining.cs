using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Trains a network to tell images apart, whatever the augmentation does to them.</summary>
internal sealed class Pretraining(Trial trial, Transform views)
{
    private const int BatchSize = 256, QuickBatchSize = 64;
    private const double LearningRate = 3e-3, Temperature = 0.5, WarmUp = 0.1;

    /// <summary>Mean loss of each epoch.</summary>
    internal double[] Fit(SimClr net, Dataset data, int epochs)
    {
        var loss = new NtXentLoss(Temperature);
        // A last batch that is smaller would have fewer strangers and so another loss.
        var loader = new DataLoader(data, trial.Quick ? QuickBatchSize : BatchSize, shuffle: true, seed: trial.Seed, dropLast: true, transform: new TwoViews(views));
        long steps = (long)epochs * loader.Count;
        var optimizer = new Adam(net, LearningRate);
        var schedule = new OneCycleSchedule(LearningRate, steps, WarmUp, lowMomentum: null);
        var losses = new double[epochs];
        long step = 0;
        net.Train();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            double sum = 0;
            foreach (var (both, _) in loader)
            {
                schedule.Apply(optimizer, step);
                optimizer.ZeroGrad();
                // Both views in one batch, so that batch normalisation sees them alike.
                var embeddings = net.Call(Tensor.Concat(both.Chunk(2, axis: 1), 0)).Chunk(2);
                var value = loss.Forward(embeddings[0], embeddings[1]);
                value.Backward();
                optimizer.Step();
                sum += value.Item();
                trial.Progress("SimCLR", (double)(++step % loader.Count) / loader.Count);
            }
            losses[epoch] = sum / loader.Count;
            trial.Step("SimCLR", epoch + 1, epochs, ("loss", losses[epoch]));
        }
        net.Eval();
        return losses;
    }

    /// <summary>Share of the views of some images whose partner is the most similar among all of them, by the cosine of their embeddings.</summary>
    internal double MatchedViews(SimClr net, Dataset data)
    {
        const int Images = 300;
        using var noGrad = new NoGrad();
        net.Eval();
        int count = Math.Min(Images, data.Count);
        var both = new DataLoader(data.Take(count), count, seed: trial.Seed, transform: new TwoViews(views)).Single().Inputs;
        var embeddings = net.Call(Tensor.Concat(both.Chunk(2, axis: 1), 0));
        var directions = embeddings / embeddings.Norm(2, [1], keepAxes: true);
        var similarities = directions.MatMul(directions.T) - Tensor.Eye(2 * count) * 2; // none is its own partner
        return similarities.ArgMax(1).EqualTo(Tensor.Arange(2 * count).Roll(count, 0)).Cast(DType.Float32).Mean().Item();
    }
}
