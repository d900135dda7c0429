using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Handwritten digits read row by row: 28 steps of 28 pixels, and the class at the end.</summary>
internal static class RowsTask
{
    private const int Side = 28, Classes = 10, BatchSize = 128;

    internal static void Run(Trial trial, RecurrentType type)
    {
        var split = ImageSplit.Mnist(trial);
        int hidden = trial.Quick ? 64 : 128, epochs = trial.Quick ? 12 : 8;
        var reader = RecurrentSetup.Started(new(type, Side, hidden, Classes));
        var net = new Sequential(new Flatten(1, 2), reader); // [N, 1, 28, 28] → rows [N, 28, 28]
        long steps = (long)epochs * ((split.Train.Count + BatchSize - 1) / BatchSize);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new AdamW(net, weightDecay: 0.01))
        {
            ClipGradientNorm = 1,
            Metrics = [new Accuracy()],
            Callbacks = [new RateSchedule(new OneCycleSchedule(PeakOf(type), steps))],
        };
        var history = trial.Fit($"rows, {RecurrentSetup.NameOf(type)}", trainer, split.Train, epochs, BatchSize, split.Validation, new RandomShift(0.05));

        var test = trainer.Evaluate(split.Test);
        trial.Figure("rows_accuracy", test.Accuracy!.Value);
        trial.Save("rows", net);
        var curve = Chart.New($"Rows of digits, {RecurrentSetup.NameOf(type)}", "epoch", "accuracy");
        double[] epoch = [.. history.Epochs.Select(result => (double)result.Epoch)];
        curve.Line("training (while it learns)", epoch, history["accuracy"]);
        curve.Line("validation", epoch, history["val_accuracy"]);
        trial.Picture("rows", curve);
        trial.Picture("rows-confusion", Chart.Confusion($"Rows of digits, {RecurrentSetup.NameOf(type)}", test.Confusion!, [.. Enumerable.Range(0, Classes).Select(k => $"{k}")]));
    }

    private static double PeakOf(RecurrentType type) => type == RecurrentType.Rnn ? 2e-3 : 6e-3;
}
