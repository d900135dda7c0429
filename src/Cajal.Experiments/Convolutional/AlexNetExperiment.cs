using System.Diagnostics;
using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>The network that began it: counted and run once at its full size, trained on clothes at a small one, its first filters compared with the receptive fields of the visual cortex.</summary>
public sealed class AlexNetExperiment : Experiment
{
    private const int Classes = 10, Width = 32, Published = 60_965_224;

    /// <summary>A filter looks like a Gabor patch if one explains this share of its sum of squares.</summary>
    private const double Alike = 0.85;

    /// <inheritdoc/>
    public override string Name => "alexnet";

    /// <inheritdoc/>
    public override string Summary => "AlexNet as published, one step; scaled down, Fashion-MNIST; its filters beside Gabor patches";

    /// <inheritdoc/>
    public override string Source => "Krizhevsky, Sutskever and Hinton 2012";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("parameter_difference", 0, "AlexNet as published: difference from 60,965,224 parameters", quick: 0, format: "0"),
        Goal.AtLeast("step_gain", 0, "fall of the loss on 2 random images by one step at 224 x 224", quick: 0, format: "0.0000"),
        Goal.AtLeast("fashion_accuracy", 0.92, "scaled AlexNet: accuracy on Fashion-MNIST's test images (quick: built-in digits)", quick: 0.85, format: "0.00 %"),
        Goal.AtLeast("gabor_filters", 1, $"first filters of 32 that look like Gabor patches (one explains {Alike:P0})", format: "0"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        StepOnce(trial);

        var split = ImageSplit.Fashion(trial);
        int epochs = trial.Quick ? 8 : 20, batchSize = trial.Quick ? 32 : 64;
        var net = AlexNet.Scaled(1, 28, Classes, Width, dropout: trial.Quick ? 0.1 : 0.2);
        double[]? untrained = trial.Quick ? null : GaborFit.Of(Filters(net)).Explained;
        long steps = (long)epochs * ((split.Train.Count + batchSize - 1) / batchSize);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new AdamW(net, learningRate: 1e-3, weightDecay: 1e-2))
        {
            Callbacks = [new RateSchedule(new OneCycleSchedule(peak: trial.Quick ? 2e-3 : 1.5e-3, steps, warmUp: 0.1, lowMomentum: null))],
        };
        Transform augment = trial.Quick ? new RandomAffine(degrees: 8, scale: 0.1, shift: 0.07) : new Compose(new RandomHorizontalFlip(), new RandomCrop(2));
        var history = trial.Fit("scaled AlexNet", trainer, split.Train, epochs, batchSize, split.Validation, augment);
        var result = trainer.Evaluate(split.Test);
        trial.Figure("fashion_accuracy", result.Accuracy!.Value);
        trial.Figure("scaled_parameters", net.ParameterCount);

        var curves = Chart.New("scaled AlexNet", "epoch", "accuracy in %");
        curves.Line("validation", [.. history.Epochs.Select(epoch => (double)epoch.Epoch)], [.. history.Epochs.Select(epoch => 100 * epoch.Validation!.Accuracy!.Value)]);
        trial.Picture("curve", curves);
        trial.Picture("confusion", Chart.Confusion("scaled AlexNet", result.Confusion!, split.Test.Classes!), 700, 600);
        DrawFilters(trial, net, untrained);
        trial.Save("alexnet-small", net);
    }

    /// <summary>One step of the network of the paper on images of its size, with its settings.</summary>
    private static void StepOnce(Trial trial)
    {
        const int Images = 2;
        trial.Note("AlexNet as published: 2 random images of 224 x 224 (simulated), one step");
        var net = AlexNet.Published();
        trial.Figure("parameter_difference", Math.Abs(net.ParameterCount - Published));
        var x = Tensor.Normal([Images, 3, 224, 224]);
        var targets = Tensor.From([1L, 2], Images);
        var (loss, optimizer) = (new CrossEntropyLoss(), new Sgd(net, learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4));
        double before = Evaluate();
        long start = Stopwatch.GetTimestamp();
        net.Train();
        loss.Forward(net.Forward(x), targets).Backward();
        optimizer.Step();
        trial.Figure("step_seconds", Stopwatch.GetElapsedTime(start).TotalSeconds);
        trial.Figure("step_gain", before - Evaluate());

        double Evaluate()
        {
            net.Eval();
            using var _ = new NoGrad();
            return loss.Forward(net.Forward(x), targets).Item<float>();
        }
    }

    private static Tensor Filters(Sequential net) => ((Conv2d)net[0]).Weight.Detach().Squeeze(1);

    private static void DrawFilters(Trial trial, Sequential net, double[]? untrained)
    {
        var filters = Filters(net);
        int count = filters.Shape[0];
        var (explained, fits) = GaborFit.Of(filters);
        trial.Figure("gabor_filters", explained.Count(share => share >= Alike));
        if (untrained is not null) trial.Figure("gabor_filters_untrained", untrained.Count(share => share >= Alike));
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(f => explained[f])];
        string[] captions = [.. order.Select(f => $"{100 * explained[f]:F0} %")];
        var index = Tensor.From(Array.ConvertAll(order, f => (long)f), count);
        trial.Picture("filters", ImageGrid.Of(filters.IndexSelect(0, index).Unsqueeze(1), columns: 8, scale: 8, captions: captions));
        trial.Picture("gabor", ImageGrid.Of(fits.IndexSelect(0, index).Unsqueeze(1), columns: 8, scale: 8, captions: captions));
        trial.Csv("gabor", ["filter", "explained", "explained_untrained"], Enumerable.Range(0, count).Select(f => new[] { f, explained[f], untrained?[f] ?? double.NaN }));
    }
}
