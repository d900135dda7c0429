using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Bishop's inverse problem: x is a wavy function of t, and t is asked for x. For some x there are three answers, and least squares gives none of them.</summary>
public sealed class MdnExperiment : Experiment
{
    private const int Components = 8, BatchSize = 100;
    private const double LearningRate = 5e-3;

    /// <inheritdoc/>
    public override string Name => "mdn";

    /// <inheritdoc/>
    public override string Summary => "a mixture density network where one question has several answers, beside least squares and the true density";

    /// <inheritdoc/>
    public override string Source => "Bishop 1994";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("gap_to_truth", 0.05, "mean logarithm of the true density less that of the network's, on new data, in nats", quick: 0.2),
        Goal.AtLeast("over_least_squares", 0.5, "mean logarithm of the network's density less that of a Gaussian around the least-squares curve, in nats", quick: 0.4),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        int count = trial.Quick ? 5000 : 20_000, test = 4000, epochs = trial.Quick ? 15 : 40;
        trial.Note($"data: simulated. t uniform in [0, 1], x = t + 0.3 sin 2πt + normal noise of {InverseProblem.Noise}; {count:N0} pairs to learn from, {test:N0} to test with; t is asked for x");
        var (train, (x, t)) = (InverseProblem.Draw(count), InverseProblem.Draw(test));
        var data = new TensorDataset(train.X, train.T);

        var net = new MixtureDensity(1, [64, 64], Components);
        Fit(trial, "mixture density", net, net.NegativeLogLikelihood, data, epochs);
        var line = Architectures.Mlp(1, 1, [32, 32]);
        Fit(trial, "least squares", line, new MseLoss(), data, epochs);

        using var _ = new NoGrad();
        double truth = InverseProblem.LogDensity(x, t), mixture = net.LogDensity(x, t).Mean().Item(), variance = (line.Call(train.X) - train.T).Square().Mean().Item();
        double gaussian = -0.5 * (Math.Log(2 * Math.PI * variance) + (line.Call(x) - t).Square().Mean().Item() / variance);
        trial.Figure("true_log_density", truth);
        trial.Figure("gap_to_truth", truth - mixture);
        trial.Figure("over_least_squares", mixture - gaussian);
        trial.Save("mdn", net);
        trial.Picture("inverse", Samples(net, line, x, t), 700, 420);
        trial.Picture("density", Densities(net), 700, 380);
    }

    private static void Fit(Trial trial, string stage, Module net, Loss loss, Dataset data, int epochs) =>
        trial.Fit(stage, new Trainer(net, loss, new Adam(net, LearningRate)) { Schedule = share => (1 + Math.Cos(Math.PI * share)) / 2 }, data, epochs, BatchSize);

    /// <summary>Pairs as they are, answers drawn from the network, and the curve of least squares through the middle of nowhere.</summary>
    private static ScottPlot.Plot Samples(MixtureDensity net, Module line, Tensor x, Tensor t)
    {
        const int Shown = 400;
        var plot = Chart.New("Which t gave this x?", "x", "t");
        var (some, answers) = (x.Narrow(0, 0, Shown), t.Narrow(0, 0, Shown));
        plot.Classes(Tensor.Concat([Tensor.Concat([some, answers], 1), Tensor.Concat([some, net.Sample(some)], 1)]), [.. Enumerable.Range(0, 2 * Shown).Select(i => i / Shown)], ["data", "network's answers"]);
        var places = Tensor.Linspace(-0.05, 1.05, 200).Reshape(200, 1);
        plot.Line("least squares", places.ToArray<double>(), line.Call(places).ToArray<double>(), colour: 7);
        return plot;
    }

    /// <summary>The density of t at the x where three answers are right.</summary>
    private static ScottPlot.Plot Densities(MixtureDensity net)
    {
        const int Places = 400;
        const double At = 0.5;
        var t = Tensor.Linspace(0, 1, Places).Reshape(Places, 1);
        var x = Tensor.Full([Places, 1], At);
        var plot = Chart.New($"Density of t at x = {At}", "t", "density");
        plot.Line("true", t.ToArray<double>(), InverseProblem.Density(x, t), thin: true);
        plot.Line("network", t.ToArray<double>(), net.LogDensity(x, t).Exp().ToArray<double>());
        return plot;
    }
}
