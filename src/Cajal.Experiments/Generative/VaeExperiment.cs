using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Variational autoencoders of digits: how likely they make held-out ones, and what their codes mean.</summary>
public sealed class VaeExperiment : Experiment
{
    private const int Codes = 50;
    private const double Beta = 4;

    /// <inheritdoc/>
    public override string Name => "vae";

    /// <inheritdoc/>
    public override string Summary => "variational autoencoders of digits: dense, convolutional, with β = 4, and with a code that is a map";

    /// <inheritdoc/>
    public override string Source => "Kingma and Welling 2014; Higgins et al. 2017 (beta-VAE); Burda et al. 2016 (importance-weighted bound)";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("test_elbo", -105, "evidence lower bound of held-out digits in nats per image, dense VAE with two hidden layers and 20 latents", quick: -240, format: "0.00"),
        Goal.AtLeast("conv_test_elbo", -105, "the same of the convolutional VAE", format: "0.00"),
        Goal.AtMost("beta_kl_share", 0.7, "nats in the codes of the beta-VAE (β = 4), as a share of those of the dense VAE"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var data = ImageSplit.Mnist(trial);
        trial.Note("each grey pixel becomes white with a probability equal to its brightness: anew for every training batch, once for the images held out");
        var (hidden, latents) = trial.Quick ? (new[] { 128, 128 }, 8) : ([400, 400], 20);
        var test = BlackAndWhite.Once(data.Test, trial.Seed);
        var training = new VaeTraining(trial, data);

        var dense = VariationalAutoencoder.Dense([1, 28, 28], hidden, latents);
        var history = training.Fit("VAE", dense, epochs: trial.Quick ? 20 : 24);
        var bound = Report(trial, "test", dense, test);
        VaePictures.Curves(trial, history);
        VaePictures.Reconstructions(trial, dense, test);
        VaePictures.Samples(trial, "samples", dense);
        trial.Save("vae", dense);
        if (trial.Quick) return;

        int few = Math.Min(1000, test.Shape[0]);
        trial.Figure("test_log_likelihood", Likelihood(dense, test[..few]));

        var convolutional = VariationalAutoencoder.Convolutional(1, 28, latents, width: 16);
        training.Fit("convolutional VAE", convolutional, epochs: 16);
        Report(trial, "conv_test", convolutional, test);
        VaePictures.Samples(trial, "conv-samples", convolutional);

        var simple = VariationalAutoencoder.Dense([1, 28, 28], hidden, latents);
        training.Fit("beta-VAE", simple, epochs: 8, Beta);
        var simpleBound = Report(trial, "beta_test", simple, test);
        trial.Figure("beta_kl_share", simpleBound.KlDivergence.Mean().Item() / bound.KlDivergence.Mean().Item());
        VaePictures.Traversal(trial, "traversal", dense, test);
        VaePictures.Traversal(trial, "beta-traversal", simple, test);
        VaePictures.Divergences(trial, test, ("β = 1", dense), ("β = 4", simple));

        var map = VariationalAutoencoder.Dense([1, 28, 28], hidden, latents: 2);
        training.Fit("VAE with two latents", map, epochs: 10);
        Report(trial, "map_test", map, test);
        VaePictures.Map(trial, map);
        VaePictures.Codes(trial, map, test, data.Test);
    }

    /// <summary>The bound on held-out images and its two parts, in nats per image.</summary>
    private static Elbo Report(Trial trial, string name, VariationalAutoencoder vae, Tensor images)
    {
        var bound = VaeTraining.Measure(vae, images);
        trial.Figure($"{name}_elbo", bound.Value.Mean().Item());
        trial.Figure($"{name}_reconstruction", bound.Reconstruction.Mean().Item());
        trial.Figure($"{name}_kl", bound.KlDivergence.Mean().Item());
        return bound;
    }

    private static double Likelihood(VariationalAutoencoder vae, Tensor images)
    {
        using var noGrad = new NoGrad();
        return VaeTraining.Chunks(images).Sum(chunk => vae.ImportanceWeightedBound(chunk, Codes).Sum().Item()) / images.Shape[0];
    }
}
