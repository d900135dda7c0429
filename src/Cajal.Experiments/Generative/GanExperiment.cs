using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Two games in which a generator learns to paint digits because another network cannot tell them from real ones.</summary>
public sealed class GanExperiment : Experiment
{
    private const int Latent = 64;

    /// <inheritdoc/>
    public override string Name => "gan";

    /// <inheritdoc/>
    public override string Summary => "digits from noise: a DCGAN, and a Wasserstein GAN with gradient penalty";

    /// <inheritdoc/>
    public override string Source => "Goodfellow et al. 2014; Radford, Metz and Chintala 2016; Gulrajani et al. 2017; noise in pieces: Gurumurthy et al. 2017";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("judge_accuracy", 0.985, "the independent classifier: accuracy on held-out digits", quick: 0.93, format: "0.00 %"),
        .. GoalsOf("dcgan", "DCGAN", quickConfident: 0.25),
        .. GoalsOf("wgan_gp", "WGAN-GP", quickConfident: 0.3),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var data = DigitImages.Load(trial);
        // Images of 8 x 8 pixels are halved once, those of 32 x 32 three times, with twice as many maps each time.
        int side = data.Train.InputShape[1], painter = 64, opponent = trial.Quick ? 64 : 32;
        var judge = SampleJudge.Train(trial, data);

        Play(GanRules.Dcgan(opponent, side), steps: trial.Quick ? 500 : 5000);
        Play(GanRules.WassersteinWithPenalty(opponent, side), steps: trial.Quick ? 250 : 6500);

        void Play(GanRules rules, int steps)
        {
            var generator = new DcganGenerator(Latent, painter, side);
            var game = new GanTraining(trial, data.Train, judge, Latent);
            var history = game.Play(rules, generator, steps);
            GanPictures.Curves(trial, rules, game, history);
            GanPictures.Pieces(trial, rules.Name, generator);
            GanPictures.Interpolation(trial, rules.Name, generator);
            trial.Save(rules.Name, generator);
        }
    }

    /// <summary>What each generator must show; the same is asked of <see cref="DiffusionExperiment"/>.</summary>
    internal static Goal[] GoalsOf(string name, string title, double quickConfident) =>
    [
        Goal.AtLeast($"{name}_confident", 0.90, $"{title}: share of samples that the classifier names with a probability above 0.9", quickConfident, "0.0 %"),
        Goal.AtLeast($"{name}_rarest_class", 0.02, $"{title}: the rarest of the ten classes among those, as a share of all samples", format: "0.0 %"),
        Goal.AtMost($"{name}_frechet_fall", 0.5, $"{title}: Fréchet's distance to real digits after training, as a share of that early in training", quick: 0.5),
    ];
}
