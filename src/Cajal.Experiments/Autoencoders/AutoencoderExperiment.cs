using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Codes of digits: dense, tied and convolutional autoencoders against principal components, cleaning of noise, and sparse codes.</summary>
public sealed class AutoencoderExperiment : Experiment
{
    private const double NoiseDeviation = 0.5;

    /// <inheritdoc/>
    public override string Name => "autoencoder";

    /// <inheritdoc/>
    public override string Summary => "autoencoders of digits: dense, tied and convolutional against PCA, denoising, sparse";

    /// <inheritdoc/>
    public override string Source => "Hinton and Salakhutdinov 2006; Vincent et al. 2008, 2010 (denoising, tied weights); Lee, Ekanadham and Ng 2008 (sparse)";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("dense_over_pca", 1, "squared error of held-out digits, dense autoencoder over PCA with as many numbers in a code", quick: 1),
        Goal.AtMost("tied_over_pca", 1, "the same with tied weights"),
        Goal.AtMost("conv_over_pca", 1, "the same with convolutions"),
        Goal.AtMost("denoised_over_noisy", 0.1, "squared distance from the clean digit, cleaned over noisy", quick: 0.1),
        Goal.AtMost("sparse_activity", 0.1, "share of the sparse autoencoder's units that are active, mean activity"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var data = ImageSplit.Mnist(trial);
        int code = trial.Quick ? 4 : 16;
        int[] sample = [1, 28, 28], hidden = trial.Quick ? [128, 64] : [256, 128];
        var training = new AutoencoderTraining(trial, data);
        var test = data.Test.ToBatch().Inputs;

        var pca = Pca.Fit(data.Train.ToBatch().Inputs, code);
        var projected = pca.Inverse(pca.Transform(test)).Reshape(test.Shape);
        double pcaError = AutoencoderTraining.Error(projected, test);
        trial.Figure("pca_error", pcaError);

        var dense = Autoencoder.Dense(sample, hidden, code);
        var history = training.Fit("dense", dense, epochs: trial.Quick ? 25 : 15);
        Compare("dense", dense);
        trial.Save("autoencoder", dense);

        trial.Note($"noise: independent normal numbers of deviation {NoiseDeviation} on each pixel, whose brightness lies in [0, 1]");
        var cleaner = trial.Quick ? Autoencoder.Dense(sample, hidden, 16) : Autoencoder.Convolutional(1, 28, code: 32);
        var noise = new GaussianNoise(NoiseDeviation);
        training.Fit("denoising", cleaner, epochs: trial.Quick ? 25 : 5, noise);
        var noisy = new DataLoader(data.Test, data.Test.Count, seed: trial.Seed, transform: noise).Single().Inputs;
        var cleaned = AutoencoderTraining.Output(cleaner, noisy);
        trial.Figure("denoised_error", AutoencoderTraining.Error(cleaned, test));
        trial.Figure("denoised_over_noisy", AutoencoderTraining.Error(cleaned, test) / AutoencoderTraining.Error(noisy, test));
        AutoencoderPictures.Rows(trial, "denoising", test, noisy, cleaned);
        if (trial.Quick) return;

        var tied = new TiedAutoencoder(sample, [.. hidden, code]);
        var tiedHistory = training.Fit("tied", tied, epochs: 10);
        Compare("tied", tied);
        var convolutional = Autoencoder.Convolutional(1, 28, code);
        var convolutionalHistory = training.Fit("convolutional", convolutional, epochs: 6);
        Compare("conv", convolutional);
        AutoencoderPictures.Rows(trial, "reconstructions", test, projected, AutoencoderTraining.Output(dense, test), AutoencoderTraining.Output(tied, test), AutoencoderTraining.Output(convolutional, test));
        AutoencoderPictures.Curves(trial, pcaError, ("dense", history), ("tied", tiedHistory), ("convolutional", convolutionalHistory));

        var sparse = Autoencoder.Sparse(sample, units: 196);
        training.FitSparse("sparse", sparse, epochs: 8, activity: 0.05);
        trial.Figure("sparse_error", AutoencoderTraining.Error(AutoencoderTraining.Output(sparse, test), test));
        trial.Figure("sparse_activity", AutoencoderTraining.Codes(sparse, test).Mean().Item());
        AutoencoderPictures.Filters(trial, sparse);
        AutoencoderPictures.Codes(trial, AutoencoderTraining.Codes(dense, test), data.Test);

        void Compare(string name, Module net)
        {
            double error = AutoencoderTraining.Error(AutoencoderTraining.Output(net, test), test);
            trial.Figure($"{name}_error", error);
            trial.Figure($"{name}_over_pca", error / pcaError);
        }
    }
}
