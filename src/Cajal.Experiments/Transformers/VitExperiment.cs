using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>A small vision transformer reads MNIST's digits as 49 patches of 4 x 4 pixels.</summary>
public sealed class VitExperiment : Experiment
{
    private const int Channels = 1, Side = 28, Patch = 4, Classes = 10;
    private const double Rate = 1e-3, WeightDecay = 0.05;

    /// <inheritdoc/>
    public override string Name => "vit";

    /// <inheritdoc/>
    public override string Summary => "a vision transformer on patches of 4 x 4 pixels, and where it looks";

    /// <inheritdoc/>
    public override string Source => "Dosovitskiy et al. 2021; Abnar and Zuidema 2020";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } = [Goal.AtLeast("test_accuracy", 0.985, "accuracy on the test images of MNIST", quick: 0.75, format: "0.00 %")];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var (train, validation, test) = ImageSplit.Mnist(trial);
        int epochs = trial.Quick ? 8 : 6, batch = 16;

        var net = trial.Quick
            ? new VisionTransformer(Channels, Side, Patch, Classes, width: 48, layers: 2, heads: 3, hidden: 96, classToken: false)
            : new VisionTransformer(Channels, Side, Patch, Classes, width: 64, layers: 4, heads: 4, hidden: 128, classToken: false);
        trial.Note($"{net.Grid * net.Grid} patches, {net.ParameterCount:N0} parameters");

        long steps = (long)epochs * ((train.Count + batch - 1) / batch);
        var optimizer = new AdamW(net, Rate, weightDecay: WeightDecay);
        var trainer = new Trainer(net, new CrossEntropyLoss(labelSmoothing: 0.05), optimizer)
        {
            Metrics = [new Accuracy()],
            ClipGradientNorm = 1,
            Callbacks = [new RateSchedule(new OneCycleSchedule(Rate, steps, warmUp: 0.1, lowMomentum: null))],
        };
        // The few built-in digits are learned faster as they are.
        var augment = trial.Quick ? null : new RandomAffine(degrees: 8, scale: 0.1, shift: 0.06);
        var history = trial.Fit("transformer", trainer, train, epochs, batch, validation, augment);

        var result = trainer.Evaluate(test);
        trial.Figure("test_accuracy", result.Accuracy!.Value);
        trial.Save("vit", net);
        VitPictures.Learning(trial, history);
        VitPictures.Looks(trial, net, test);
        VitPictures.Patches(trial, net);
    }
}
