using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Key points of an animal from few labelled frames: a network that has learned points of other creatures finds them better than a new one.</summary>
public sealed class PoseExperiment : Experiment
{
    private const int BatchSize = 10, Width = 16, Depth = 3, Shown = 8, Few = 100, Patience = 3;

    /// <summary>An error is small if it is at most this share of the length of the body.</summary>
    private const double Share = 0.05;

    /// <inheritdoc/>
    public override string Name => "pose";

    /// <inheritdoc/>
    public override string Summary => "key points of a moving animal from 50 to 200 labelled frames, by transfer learning";

    /// <inheritdoc/>
    public override string Source => "DeepLabCut: Mathis et al. 2018";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("transfer_100", 0.90, "key points within 5 % of the body's length on held-out frames, 100 labelled frames, pretrained", format: "0.0 %", quick: 0.30),
        Goal.AtLeast("gain_100", 0.05, "what pretraining adds to that share", format: "0.0 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var (sizes, steps, testFrames) = trial.Quick ? (new[] { Few }, 60, 50) : (new[] { 50, Few, 200 }, 120, 300);
        var pretrained = Pretrain(trial);
        var frames = AnimalFigures.Render(sizes[^1], trial.Seed, part: 1);
        // Parts 2 and 3 served to choose the first task and the number of steps.
        var test = AnimalFigures.Render(testFrames, trial.Seed, part: 4).ToBatch();
        trial.Note($"data: simulated frames of an animal from our own renderer, {AnimalFigures.Side} x {AnimalFigures.Side} pixels, its body {AnimalFigures.BodyLength} pixels long; {testFrames} held out");
        var rows = new List<double[]>();
        foreach (int count in sizes)
        {
            var (transferred, fresh) = (Learn(trial, pretrained, frames.Take(count), steps, test), Learn(trial, null, frames.Take(count), steps, test));
            trial.Figure($"transfer_{count}", transferred.Share);
            trial.Figure($"scratch_{count}", fresh.Share);
            trial.Figure($"gain_{count}", transferred.Share - fresh.Share);
            rows.Add([count, transferred.Share, fresh.Share]);
            trial.Step("labelled frames", rows.Count, sizes.Length, ("frames", count), ("pretrained", transferred.Share), ("from scratch", fresh.Share));
            if (count != Few) continue;
            Show(trial, "pretrained", test, transferred.Points);
            Show(trial, "scratch", test, fresh.Points);
        }
        // Whether a new network only needs more time.
        if (!trial.Quick) trial.Figure($"scratch_{Few}_patient", Learn(trial, null, frames.Take(Few), Patience * steps, test).Share);
        trial.Csv("frames", ["labelled_frames", "pretrained", "from_scratch"], rows);
        ShowCurve(trial, rows);
    }

    /// <summary>The other task: eight points of other creatures, other than those asked for later.</summary>
    private static UNet Pretrain(Trial trial)
    {
        const int Side = 48;
        var (count, epochs) = trial.Quick ? (480, 1) : (4000, 2);
        trial.Note($"first task: {Creatures.Names.Count} points of {count:N0} simulated creatures of other builds, {Side} x {Side} pixels");
        var net = new UNet(1, Creatures.Names.Count, Width, Depth);
        var trainer = new Trainer(net, new KeypointLoss(), Optimizer(net)) { Schedule = WarmCosine.At };
        trial.Fit("first task", trainer, Creatures.Render(count, Side, trial.Seed), epochs, 16);
        trial.Save("first-task", net);
        return net;
    }

    /// <summary>Trains on labelled frames, and finds the key points of others.</summary>
    /// <returns>The share of them that is near enough, and all of them, [N, 9, 2].</returns>
    private static (double Share, Tensor Points) Learn(Trial trial, UNet? pretrained, Dataset frames, int steps, Batch test)
    {
        var net = new UNet(1, AnimalFigures.Names.Count, Width, Depth);
        if (pretrained is not null) net.TakeOver(pretrained);
        var trainer = new Trainer(net, new KeypointLoss(), Optimizer(net)) { Schedule = WarmCosine.At };
        int epochs = (steps * BatchSize + frames.Count - 1) / frames.Count;
        trial.Fit($"{frames.Count} frames, {(pretrained is null ? "from scratch" : "pretrained")}", trainer, frames, epochs, BatchSize, augment: new PoseTransform(AnimalFigures.Mirrored));
        var points = Points(trainer, test.Inputs);
        double[] errors = Heatmaps.Distances(points, test.Targets).ToArray<double>();
        return (errors.Count(error => error <= Share * AnimalFigures.BodyLength) / (double)errors.Length, points);
    }

    /// <summary>The last layer is new in either case and must grow until one pixel among thousands stands out, so its steps are larger.</summary>
    private static AdamW Optimizer(UNet net)
    {
        const double Rate = 3e-3, HeadRate = 3e-2;
        Parameter[] head = [.. net.Head.Parameters()];
        return new([new ParameterGroup(net.Parameters().Except(head)), new ParameterGroup(head, HeadRate)], Rate);
    }

    private static Tensor Points(Trainer trainer, Tensor frames) =>
        Tensor.Concat([.. frames.Split(50).Select(part => Heatmaps.Points(trainer.Predict(part)))]);

    private static void Show(Trial trial, string name, Batch test, Tensor points)
    {
        var (found, truth) = (Pairs(points), Pairs(test.Targets));
        var annotations = Enumerable.Range(0, Shown).Select(n =>
        {
            var range = (n * AnimalFigures.Names.Count)..((n + 1) * AnimalFigures.Names.Count);
            return new Annotation { Points = found[range], Crosses = truth[range], Lines = AnimalFigures.Bones };
        });
        trial.Picture($"frames-{name}", AnnotatedGrid.Of(test.Inputs.Narrow(0, 0, Shown), [.. annotations], columns: 4));
    }

    private static (float X, float Y)[] Pairs(Tensor points) => [.. points.ToArray<float>().Chunk(2).Select(pair => (pair[0], pair[1]))];

    private static void ShowCurve(Trial trial, List<double[]> rows)
    {
        var plot = Chart.New("Key points from few labelled frames", "labelled frames", "within 5 % of the body's length, in %");
        plot.Line("pretrained", [.. rows.Select(row => row[0])], [.. rows.Select(row => 100 * row[1])]);
        plot.Line("from scratch", [.. rows.Select(row => row[0])], [.. rows.Select(row => 100 * row[2])]);
        trial.Picture("frames", plot);
    }
}
