using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Three generations of convolutional networks on digits and on clothes.</summary>
public sealed class CnnExperiment : Experiment
{
    private const int Classes = 10, Side = 28;

    /// <inheritdoc/>
    public override string Name => "cnn";

    /// <inheritdoc/>
    public override string Summary => "LeNet-5, a VGG-like and a residual network on MNIST and Fashion-MNIST";

    /// <inheritdoc/>
    public override string Source => "LeCun et al. 1998; Simonyan and Zisserman 2015; He et al. 2016";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("resnet_fashion_accuracy", 0.935, "residual network: accuracy on Fashion-MNIST's test images", format: "0.00 %"),
        Goal.AtLeast("resnet_digits_accuracy", 0.993, "residual network: accuracy on MNIST's test images (quick: built-in digits)", quick: 0.90, format: "0.00 %"),
        Goal.AtLeast("vgg_digits_accuracy", 0.993, "VGG-like network: accuracy on MNIST's test images (quick: built-in digits)", quick: 0.90, format: "0.00 %"),
        Goal.AtLeast("lenet5_digits_accuracy", 0.985, "LeNet-5: accuracy on MNIST's test images (quick: built-in digits)", quick: 0.85, format: "0.00 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        if (!trial.Quick) ImageSplit.CheckApart(trial);
        var curves = Chart.New("validation accuracy", "epoch", "accuracy in %");
        Compare(trial, "digits", ImageSplit.Mnist(trial), (3, 3), new RandomAffine(degrees: 8, scale: 0.1, shift: 0.07), curves);
        if (!trial.Quick) Compare(trial, "fashion", ImageSplit.Fashion(trial), (12, 24), new Compose(new RandomHorizontalFlip(), new RandomCrop(2)), curves);
        trial.Picture("curves", curves);
    }

    /// <summary>Trains the three networks on one data set and measures each once on its test part.</summary>
    private static void Compare(Trial trial, string data, ImageSplit split, (int Older, int Residual) epochs, Transform augment, ScottPlot.Plot curves)
    {
        // The residual network learns as its authors taught it, by gradient descent with momentum: after six epochs that was above AdamW on validation images (92.7 and 92.3 %).
        (string Name, Module Net, int Epochs, int BatchSize, double Peak)[] nets =
        [
            ("lenet5", Architectures.LeNet5(1, Side, Classes), epochs.Older, 128, 4e-3),
            ("vgg", new Vgg(1, Side, Classes, [32, 64, 128], [1, 1, 2], hidden: 128), epochs.Older, 128, 3e-3),
            ("resnet", new ResNet(1, Classes, [48, 96, 192], [1, 1, 1], ResNetStem.Pooled), epochs.Residual, 64, 0.1),
        ];
        foreach (var (name, net, count, batch, peak) in nets)
        {
            int batchSize = trial.Quick ? 32 : batch;
            long steps = (long)count * ((split.Train.Count + batchSize - 1) / batchSize);
            Optimizer optimizer = net is ResNet ? new Sgd(net, learningRate: peak, momentum: 0.9, weightDecay: 5e-4, nesterov: true) : new AdamW(net, learningRate: peak, weightDecay: 1e-2);
            var trainer = new Trainer(net, new CrossEntropyLoss(), optimizer)
            {
                Callbacks = [new RateSchedule(new OneCycleSchedule(peak, steps, lowMomentum: null))],
            };
            var history = trial.Fit($"{name} on {data}", trainer, split.Train, count, batchSize, split.Validation, augment);
            curves.Line($"{name}, {data}", [.. history.Epochs.Select(epoch => (double)epoch.Epoch)], [.. history.Epochs.Select(epoch => 100 * epoch.Validation!.Accuracy!.Value)]);
            var result = trainer.Evaluate(split.Test);
            trial.Figure($"{name}_{data}_accuracy", result.Accuracy!.Value);
            trial.Figure($"{name}_parameters", net.ParameterCount);
            if (name != "resnet") continue;
            trial.Picture($"confusion-{data}", Chart.Confusion($"residual network, {data}", result.Confusion!, split.Test.Classes!), 700, 600);
            trial.Picture($"mistakes-{data}", Mistakes(split.Test, result));
            trial.Save($"resnet-{data}", net);
        }
    }

    /// <summary>The first test images that were taken for something else, each with what it is and what it was taken for.</summary>
    private static ImageGrid Mistakes(Dataset test, Evaluation result)
    {
        const int Shown = 24;
        int[] labels = test.Labels.ToArray();
        int[] wrong = [.. Enumerable.Range(0, test.Count).Where(i => labels[i] != result.Predicted![i]).Take(Shown)];
        if (wrong.Length == 0) wrong = [0];
        return ImageGrid.Of(test.GetBatch(wrong).Inputs, columns: 6, scale: 5, range: (0, 1), [.. wrong.Select(i => $"{test.Classes![labels[i]]}: {test.Classes[result.Predicted![i]]}")]);
    }
}
