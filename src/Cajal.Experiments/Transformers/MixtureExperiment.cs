using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>
/// A sparse mixture of experts against a dense network that does at least as many multiplications for an image, on digits that are turned by quarters: whoever knows how an image is turned
/// needs only a small network for it.
/// </summary>
public sealed class MixtureExperiment : Experiment
{
    private const int Classes = 10, Experts = 8, Hidden = 16;
    private const double Rate = 3e-3, BalanceWeight = 0.2;

    /// <inheritdoc/>
    public override string Name => "mixture";

    /// <inheritdoc/>
    public override string Summary => "a mixture of experts beside a dense network of equal work, on images turned by quarters";

    /// <inheritdoc/>
    public override string Source => "Shazeer et al. 2017; Fedus et al. 2022";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("accuracy_gain", 0.005, "test accuracy of the mixture minus that of a dense network with at least as many multiplications per image", quick: 0, format: "0.00 %"),
        Goal.AtMost("busiest_expert", 1.5, "share of the test images that the busiest expert gets, over an even share", quick: 2, format: "0.00"),
        Goal.AtLeast("idlest_expert", 0.5, "the same for the idlest", quick: 0.25, format: "0.00"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var (trainData, validationData, testData) = ImageSplit.Mnist(trial);
        var (train, validation, test) = (TurnedImages.Of(trainData), TurnedImages.Of(validationData), TurnedImages.Of(testData));
        trial.Note("every image is turned by 0, 90, 180 or 270 degrees; nobody is told by how much");
        int inputs = train.Inputs.Shape[1], epochs = trial.Quick ? 12 : 12, batch = trial.Quick ? 64 : 128;
        var training = new MixtureTraining(trial, epochs, batch);

        var mixture = new MixtureOfExperts(inputs, Hidden, Classes, Experts);
        int width = (int)((mixture.MacsPerInput + inputs + Classes - 1) / (inputs + Classes));
        var dense = new Expert(inputs, width, Classes);
        trial.Note($"for an image: mixture {mixture.MacsPerInput:N0} multiplications, dense network {(long)width * (inputs + Classes):N0}; parameters {mixture.ParameterCount:N0} and {dense.ParameterCount:N0}");

        var mixtureCurve = training.Run("mixture", mixture, x => mixture.Route(x), train, validation, Rate, BalanceWeight);
        var denseCurve = training.Run("dense", dense, x => (dense.Forward(x), null), train, validation, Rate, balance: 0);
        var unbalanced = new MixtureOfExperts(inputs, Hidden, Classes, Experts);
        var unbalancedCurve = training.Run("without balance", unbalanced, x => unbalanced.Route(x), train, validation, Rate, balance: 0);

        double mixed = MixtureTraining.Accuracy(mixture, test), plain = MixtureTraining.Accuracy(dense, test);
        trial.Figure("mixture_accuracy", mixed);
        trial.Figure("dense_accuracy", plain);
        trial.Figure("accuracy_gain", mixed - plain);
        double[] load = MixtureTraining.LoadOf(mixture, test.Inputs);
        trial.Figure("busiest_expert", load.Max() * Experts);
        trial.Figure("idlest_expert", load.Min() * Experts);
        trial.Figure("unbalanced_accuracy", MixtureTraining.Accuracy(unbalanced, test));
        trial.Figure("unbalanced_busiest_expert", MixtureTraining.LoadOf(unbalanced, test.Inputs).Max() * Experts);

        trial.Save("mixture", mixture);
        Learning(trial, mixtureCurve, denseCurve, unbalancedCurve);
        Specialists(trial, "experts", "With the balancing loss", mixture, test);
        Specialists(trial, "experts-unbalanced", "Without the balancing loss", unbalanced, test);
    }

    private static void Learning(Trial trial, double[] mixture, double[] dense, double[] unbalanced)
    {
        var plot = Chart.New("Equal work for each image", "epoch", "validation accuracy, %");
        double[] epochs = [.. Enumerable.Range(1, mixture.Length).Select(epoch => (double)epoch)];
        plot.Line("mixture of experts", epochs, [.. mixture.Select(value => 100 * value)]);
        plot.Line("mixture without balancing loss", epochs, [.. unbalanced.Select(value => 100 * value)]);
        plot.Line("dense network", epochs, [.. dense.Select(value => 100 * value)]);
        trial.Picture("learning", plot);
    }

    /// <summary>Which share of the images of each turn goes to each expert.</summary>
    private static void Specialists(Trial trial, string name, string title, MixtureOfExperts net, TurnedImages test)
    {
        var shares = new double[TurnedImages.Situations, Experts];
        for (int turn = 0; turn < TurnedImages.Situations; turn++)
        {
            int[] members = [.. Enumerable.Range(0, test.Count).Where(i => test.Turns[i] == turn)];
            double[] load = MixtureTraining.LoadOf(net, test.Inputs.IndexSelect(0, members));
            for (int e = 0; e < Experts; e++) shares[turn, e] = load[e];
        }
        string[] experts = [.. Enumerable.Range(1, Experts).Select(e => $"{e}")];
        trial.Picture(name, Chart.Heatmap(title, shares, "expert", "turned by", experts, ["0°", "90°", "180°", "270°"], writeValues: true), height: 400);
    }
}
