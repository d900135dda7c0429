using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>How a variational autoencoder stood on the validation images after each epoch, in nats per image.</summary>
internal sealed record VaeHistory(IReadOnlyList<double> Reconstruction, IReadOnlyList<double> KlDivergence);

/// <summary>Trains and measures variational autoencoders.</summary>
internal sealed class VaeTraining(Trial trial, ImageSplit data)
{
    private const int BatchSize = 128, QuickBatchSize = 32, ChunkSize = 500;
    private const double LearningRate = 2e-3;
    private readonly Tensor validation = BlackAndWhite.Once(data.Validation, trial.Seed);

    /// <summary>Adam with a learning rate that falls along half a cosine.</summary>
    internal VaeHistory Fit(string stage, VariationalAutoencoder vae, int epochs, double beta = 1)
    {
        var loader = new DataLoader(data.Train, trial.Quick ? QuickBatchSize : BatchSize, shuffle: true, seed: trial.Seed);
        var optimizer = new Adam(vae, LearningRate);
        var schedule = new CosineSchedule((long)epochs * loader.Count);
        var (reconstruction, divergence) = (new double[epochs], new double[epochs]);
        long step = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            vae.Train();
            foreach (var (images, _) in loader)
            {
                schedule.Apply(optimizer, step);
                optimizer.ZeroGrad();
                vae.Bound(BlackAndWhite.Of(images)).Loss(beta).Backward();
                optimizer.Step();
                trial.Progress(stage, (double)(++step % loader.Count) / loader.Count);
            }
            var bound = Measure(vae, validation);
            (reconstruction[epoch], divergence[epoch]) = (bound.Reconstruction.Mean().Item(), bound.KlDivergence.Mean().Item());
            trial.Step(stage, epoch + 1, epochs, ("val_elbo", reconstruction[epoch] - divergence[epoch]), ("val_reconstruction", reconstruction[epoch]), ("val_kl", divergence[epoch]));
        }
        return new(reconstruction, divergence);
    }

    /// <summary>The bound of each image, [N] each, from one code.</summary>
    internal static Elbo Measure(VariationalAutoencoder vae, Tensor images)
    {
        using var noGrad = new NoGrad();
        vae.Eval();
        Elbo[] bounds = [.. Chunks(images).Select(chunk => vae.Bound(chunk))];
        return new(Tensor.Concat([.. bounds.Select(bound => bound.Reconstruction)]), Tensor.Concat([.. bounds.Select(bound => bound.KlDivergence)]));
    }

    /// <summary>The images in pieces that fit the caches.</summary>
    internal static IEnumerable<Tensor> Chunks(Tensor images)
    {
        for (int start = 0; start < images.Shape[0]; start += ChunkSize) yield return images[start..Math.Min(images.Shape[0], start + ChunkSize)];
    }
}
