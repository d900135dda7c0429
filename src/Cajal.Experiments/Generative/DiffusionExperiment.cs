using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Digits from noise that a network takes away step by step.</summary>
public sealed class DiffusionExperiment : Experiment
{
    /// <inheritdoc/>
    public override string Name => "diffusion";

    /// <inheritdoc/>
    public override string Summary => "digits from noise: denoising diffusion with a U-Net, sampled as DDIM and as DDPM";

    /// <inheritdoc/>
    public override string Source => "Ho, Jain and Abbeel 2020; Nichol and Dhariwal 2021 (cosine schedule); Song, Meng and Ermon 2021 (DDIM); Salimans and Ho 2022 (velocity)";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("judge_accuracy", 0.985, "the independent classifier: accuracy on held-out digits", quick: 0.93, format: "0.00 %"),
        .. GanExperiment.GoalsOf("diffusion", "diffusion", quickConfident: 0.35),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var data = DigitImages.Load(trial);
        var judge = SampleJudge.Train(trial, data);
        var net = trial.Quick ? new DiffusionUNet([16, 32]) : new DiffusionUNet([32, 64, 128], patch: 2);
        var diffusion = new GaussianDiffusion(NoiseSchedule.Cosine(), DiffusionTarget.Velocity);
        var training = new DiffusionTraining(trial, data.Train, diffusion);
        var history = new SampleHistory(trial, "diffusion", judge);
        training.Fit(net, steps: trial.Quick ? 500 : 6000, history);
        trial.Save("diffusion", net);

        history.Report(training.Sample(net, training.Noise(trial.Quick ? 256 : 1024), steps: trial.Quick ? 20 : 50));
        if (!trial.Quick) trial.Figure("diffusion_ddpm_confident", judge.Judge(training.Sample(net, training.Noise(512), steps: 100, eta: 1)).Confident);
        DiffusionPictures.Curves(trial, training, history);
        DiffusionPictures.Denoising(trial, diffusion, net, training.Noise(8));
        DiffusionPictures.Interpolation(trial, training, net);
    }
}
