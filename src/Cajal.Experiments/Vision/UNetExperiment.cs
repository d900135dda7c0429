using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>U-Net on simulated microscope images and on cluttered digits, each with and without the skips.</summary>
public sealed class UNetExperiment : Experiment
{
    private const int Side = 48, BatchSize = 16, Shown = 5;

    /// <inheritdoc/>
    public override string Name => "unet";

    /// <inheritdoc/>
    public override string Summary => "U-Net finds filaments, cells and digits pixel by pixel, with and without skips";

    /// <inheritdoc/>
    public override string Source => "Ronneberger, Fischer and Brox 2015; clutter after Mnih et al. 2014";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("filaments_iou", 0.90, "mean IoU of background, filaments and cells on held-out images", quick: 0.60),
        Goal.AtLeast("digits_iou", 0.90, "mean IoU of digits and what is around them on scenes of held-out digits", quick: 0.60),
        Goal.AtLeast("filaments_gain", 0.005, "what the skips add to filaments_iou"),
        Goal.AtLeast("digits_gain", 0.005, "what the skips add to digits_iou"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var curves = new List<(string Name, History History)>();
        foreach (var task in new[] { Filaments(trial), Digits(trial) })
        {
            var nets = new List<UNet>();
            foreach (bool skips in new[] { true, false })
            {
                string stage = $"{task.Name}, {(skips ? "U-Net" : "no skips")}";
                var (net, history) = Train(trial, task, skips, stage);
                nets.Add(net);
                curves.Add((stage, history));
                trial.Figure(skips ? $"{task.Name}_iou" : $"{task.Name}_iou_no_skips", Measure(net, task.Test));
            }
            trial.Figure($"{task.Name}_gain", trial.Figures[$"{task.Name}_iou"] - trial.Figures[$"{task.Name}_iou_no_skips"]);
            trial.Save($"unet-{task.Name}", nets[0]);
            Show(trial, task, nets);
        }
        ShowCurves(trial, curves);
    }

    private static SegmentationTask Filaments(Trial trial)
    {
        var (train, validation, test) = trial.Quick ? (160, 16, 32) : (640, 64, 200);
        trial.Note($"data: simulated microscope images of {Side} x {Side} pixels from our own generator, {train} to learn from, {test} held out");
        return new("filaments", FilamentImages.Classes, FilamentImages.Render(train, Side, trial.Seed, part: 1), FilamentImages.Render(validation, Side, trial.Seed, part: 2),
            FilamentImages.Render(test, Side, trial.Seed, part: 3), new RandomHalfTurns(), trial.Quick ? 6 : 8);
    }

    private static SegmentationTask Digits(Trial trial)
    {
        var (train, validation, test) = trial.Quick ? (128, 16, 32) : (1280, 64, 200);
        var split = ImageSplit.Mnist(trial, train: 20_000);
        trial.Note($"data: these digits, one to two in a simulated scene of {Side} x {Side} pixels with pieces of others, texture and noise; {train} new scenes per epoch, {test} held out");
        var style = new SceneStyle(Side, LeastDigits: 1, MostDigits: 2, LeastSize: 24, MostSize: 36, Pieces: 5);
        var scenes = new DigitScenes(split.Train, style);
        return new("digits", ["background", "digit"], split.Train.Take(train), Fixed(split.Validation, validation), Fixed(split.Test, test), new ScenesToSegment(scenes, anyDigit: true), trial.Quick ? 4 : 5);

        Dataset Fixed(Dataset digits, int count)
        {
            var batch = ScenesToSegment.ToBatch(new DigitScenes(digits, style).Compose(count, trial.Seed), Side, anyDigit: true);
            return new TensorDataset(batch.Inputs, batch.Targets, new("scenes", LearningTask.Classification) { Classes = ["background", "digit"] });
        }
    }

    private static (UNet Net, History History) Train(Trial trial, SegmentationTask task, bool skips, string stage)
    {
        var net = new UNet(1, task.Classes.Count, width: trial.Quick ? 8 : 16, depth: trial.Quick ? 2 : 3, skips);
        var loss = new CompositeLoss(("cross-entropy", new CrossEntropyLoss(), 1), ("dice", new DiceLoss(), 1));
        var trainer = new Trainer(net, loss, new AdamW(net, 4e-3)) { Metrics = [new MeanIou()], Schedule = WarmCosine.At };
        return (net, trial.Fit(stage, trainer, task.Train, task.Epochs, BatchSize, task.Validation, task.Augment));
    }

    private static double Measure(UNet net, Dataset test)
    {
        var metric = new MeanIou();
        new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0)) { Metrics = [metric] }.Evaluate(test);
        return metric.Value;
    }

    private static void Show(Trial trial, SegmentationTask task, IReadOnlyList<UNet> nets)
    {
        var (images, classes) = task.Test.Take(Shown).ToBatch();
        var rows = new List<Annotation>();
        rows.AddRange(Enumerable.Repeat(new Annotation("image"), Shown));
        rows.AddRange(Masks("truth", classes));
        rows.AddRange(Masks("U-Net", Answer(nets[0], images)));
        rows.AddRange(Masks("no skips", Answer(nets[1], images)));
        trial.Picture($"{task.Name}", AnnotatedGrid.Of(Tensor.Concat([images, images, images, images]), rows, columns: Shown));
    }

    private static Tensor Answer(UNet net, Tensor images)
    {
        using var scope = new NoGrad();
        return net.Call(images).ArgMax(1);
    }

    private static IEnumerable<Annotation> Masks(string caption, Tensor classes)
    {
        long[] all = classes.ToArray<long>();
        return Enumerable.Range(0, classes.Shape[0]).Select(n => new Annotation(caption) { Mask = all[(n * Side * Side)..((n + 1) * Side * Side)] });
    }

    private static void ShowCurves(Trial trial, IReadOnlyList<(string Name, History History)> curves)
    {
        var plot = Chart.New("Segmentation with and without skips", "epoch", "mean IoU, validation");
        foreach (var (name, history) in curves)
        {
            plot.Line(name, [.. history.Epochs.Select(epoch => (double)epoch.Epoch)], [.. history.Epochs.Select(epoch => epoch.Validation!.Metrics["mean_iou"])]);
        }
        trial.Picture("learning", plot);
        trial.Csv("learning", ["net", "epoch", "train_loss", "validation_loss", "validation_iou"],
            curves.SelectMany((curve, i) => curve.History.Epochs.Select(epoch => new[] { i, epoch.Epoch, epoch.Loss, epoch.Validation!.Loss, epoch.Validation.Metrics["mean_iou"] })));
    }

    /// <summary>What is to be learned: images and the class of every pixel.</summary>
    private sealed record SegmentationTask(string Name, IReadOnlyList<string> Classes, Dataset Train, Dataset Validation, Dataset Test, Transform Augment, int Epochs);
}
