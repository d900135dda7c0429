using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Digits from noise that a network takes away step by step.</summary>
public sealed class DiffusionExperiment : Experiment
{
    /// <inheritdoc/>
    public override string Name => "diffusion";

    /// <inheritdoc/>
    public override string Summary => "digits from noise: denoising diffusion with a U-Net that is told which digit; classifier-free guidance, DDIM and DDPM";

    /// <inheritdoc/>
    public override string Source => "Ho, Jain and Abbeel 2020; Nichol and Dhariwal 2021 (cosine schedule); Song, Meng and Ermon 2021 (DDIM); Salimans and Ho 2022 (velocity); Ho and Salimans 2021 (guidance)";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("judge_accuracy", 0.985, "the independent classifier: accuracy on held-out digits", quick: 0.93, format: "0.00 %"),
        .. GanExperiment.GoalsOf("diffusion", "diffusion", quickConfident: 0.35),
        Goal.AtLeast("diffusion_as_asked", 0.9, "diffusion: share of samples that the classifier names as the digit that was asked for", quick: 0.7, format: "0.0 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var data = DigitImages.Load(trial);
        var judge = SampleJudge.Train(trial, data);
        var net = trial.Quick ? new DiffusionUNet([16, 32], classes: 10) : new DiffusionUNet([32, 64, 128], patch: 2, classes: 10);
        var diffusion = new GaussianDiffusion(NoiseSchedule.Cosine(), DiffusionTarget.Velocity);
        var training = new DiffusionTraining(trial, data.Train, diffusion);
        var history = new SampleHistory(trial, "diffusion", judge);
        training.Fit(net, steps: trial.Quick ? 300 : 3000, history);
        trial.Save("diffusion", net);

        int count = trial.Quick ? 256 : 1024, steps = trial.Quick ? 20 : 30;
        var samples = training.Sample(net, training.Noise(count), steps);
        history.Report(samples);
        trial.Figure("diffusion_as_asked", judge.Named(samples).EqualTo(DiffusionTraining.Digits(count)).Cast(DType.Float32).Mean().Item());
        if (!trial.Quick)
        {
            trial.Figure("diffusion_unguided_confident", judge.Judge(training.Sample(net, training.Noise(256), steps, guidance: 0)).Confident);
            trial.Figure("diffusion_ddpm_confident", judge.Judge(training.Sample(net, training.Noise(256), steps: 50, eta: 1)).Confident);
        }
        DiffusionPictures.Curves(trial, training, history);
        DiffusionPictures.Denoising(trial, diffusion, net, training.Noise(8));
        DiffusionPictures.Interpolation(trial, training, net);
    }
}
