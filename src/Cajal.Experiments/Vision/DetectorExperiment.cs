using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>A single-shot detector on scenes of several handwritten digits on clutter.</summary>
public sealed class DetectorExperiment : Experiment
{
    private const int Side = 64, Digits = 10, BatchSize = 32, Shown = 12;

    /// <summary>The least probability of a box that is drawn.</summary>
    private const float LeastShown = 0.3f;

    private static readonly CentreCode Code = new(Digits);

    /// <inheritdoc/>
    public override string Name => "detector";

    /// <inheritdoc/>
    public override string Summary => "a single-shot detector says where several digits are on clutter, and which";

    /// <inheritdoc/>
    public override string Source => "Zhou, Wang and Krähenbühl 2019; mean average precision of Everingham et al. 2015";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
        [Goal.AtLeast("map", 0.90, "mAP at IoU 0.5 over ten digits, scenes of held-out digits", quick: 0.30)];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var (perEpoch, epochs, validation, test) = trial.Quick ? (640, 3, 32, 100) : (6000, 5, 200, 1000);
        var split = ImageSplit.Mnist(trial);
        trial.Note($"data: two to five of these digits in a simulated scene of {Side} x {Side} pixels with pieces of others, texture and noise; {perEpoch:N0} new scenes per epoch, {test:N0} held out");
        var style = new SceneStyle(Side, LeastDigits: 2, MostDigits: 5, LeastSize: 20, MostSize: 34, Pieces: 6);
        var scenes = new DigitScenes(split.Train, style);
        var toChooseBy = new DigitScenes(split.Validation, style).Compose(validation, trial.Seed);
        var heldOut = new DigitScenes(split.Test, style).Compose(test, trial.Seed);

        var net = new CentreDetector(1, Digits, width: trial.Quick ? 16 : 32);
        var trainer = new Trainer(net, new CentreLoss(), new AdamW(net, 4e-3)) { Schedule = WarmCosine.At, ClipGradientNorm = 10 };
        var learning = new List<double[]>();
        trainer.EpochEnded += result => learning.Add([result.Epoch, result.Loss, Measure(trainer, toChooseBy).Value]);
        trial.Fit("detector", trainer, Enough(split.Train, perEpoch), epochs, BatchSize, augment: new ScenesToDetect(scenes, Code));

        var measured = Measure(trainer, heldOut);
        trial.Figure("map", measured.Value);
        trial.Figure("map_at_75", Measure(trainer, heldOut, overlap: 0.75).Value);
        trial.Save("detector", net);
        trial.Csv("learning", ["epoch", "train_loss", "validation_map"], learning);
        trial.Csv("classes", ["digit", "average_precision"], Enumerable.Range(0, Digits).Select(digit => new[] { digit, measured.AveragePrecision(digit) }));
        ShowLearning(trial, learning);
        ShowPrecision(trial, measured);
        ShowScenes(trial, trainer, heldOut);
    }

    /// <summary>So many samples, some more than once if need be; they only count the scenes of an epoch.</summary>
    private static Dataset Enough(Dataset digits, int count) => digits.Subset([.. Enumerable.Range(0, count).Select(i => i % digits.Count)]);

    private static MeanAveragePrecision Measure(Trainer detector, DigitScene[] scenes, double overlap = 0.5)
    {
        var precision = new MeanAveragePrecision(Digits, overlap);
        foreach (var (scene, found) in scenes.Zip(Detect(detector, scenes))) precision.Add(found, scene.Boxes);
        return precision;
    }

    private static IEnumerable<IReadOnlyList<Detection>> Detect(Trainer detector, DigitScene[] scenes) =>
        scenes.Chunk(100).SelectMany(part => Code.Decode(detector.Predict(ScenesToSegment.Images(part, Side))));

    private static void ShowLearning(Trial trial, List<double[]> learning)
    {
        var plot = Chart.New("Learning to detect digits", "epoch", "mAP on validation scenes");
        plot.Line("mAP at IoU 0.5", [.. learning.Select(row => row[0])], [.. learning.Select(row => row[2])]);
        trial.Picture("learning", plot);
    }

    private static void ShowPrecision(Trial trial, MeanAveragePrecision measured)
    {
        var plot = Chart.New("Precision and recall of each digit", "recall", "precision");
        for (int digit = 0; digit < Digits; digit++)
        {
            var curve = measured.Curve(digit);
            plot.Line($"{digit}", [.. curve.Select(point => point.Recall)], [.. curve.Select(point => point.Precision)]);
        }
        trial.Picture("precision", plot);
    }

    private static void ShowScenes(Trial trial, Trainer detector, DigitScene[] heldOut)
    {
        var scenes = heldOut[..Math.Min(Shown, heldOut.Length)];
        var annotations = Detect(detector, scenes).Zip(scenes, (found, scene) => new Annotation($"{scene.Boxes.Count} digits: {string.Join(' ', scene.Boxes.Select(known => known.Label))}")
        {
            Boxes = [.. found.Where(detection => detection.Score >= LeastShown).Select(detection => (detection.Box.Left, detection.Box.Top, detection.Box.Right, detection.Box.Bottom, $"{detection.Label}", detection.Label))],
        });
        trial.Picture("boxes", AnnotatedGrid.Of(ScenesToSegment.Images(scenes, Side), [.. annotations], columns: 4));
    }
}
