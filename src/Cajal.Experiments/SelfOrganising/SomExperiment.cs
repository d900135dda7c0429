using System.Diagnostics;
using System.Globalization;
using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Self-organising maps of handwritten digits, one trained over all images at once and one image by image; each unit is named after the digit that most of its images show.</summary>
public sealed class SomExperiment : Experiment
{
    private const int Side = 28, Pixels = Side * Side, Classes = 10;

    /// <inheritdoc/>
    public override string Name => "som";

    /// <inheritdoc/>
    public override string Summary => "self-organising maps of digits: batch on a hexagonal grid, online on a rectangular one";

    /// <inheritdoc/>
    public override string Source => "Kohonen 1982, 1995; Ultsch and Siemon 1990";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("bmu_accuracy", 0.90, "share of test images whose closest unit has the name of their digit", quick: 0.85, format: "0.00 %"),
        Goal.AtMost("topographic_error", 0.25, "share of test images whose two closest units do not touch", quick: 0.25, format: "0.00 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var data = ImageSplit.Mnist(trial);
        var (train, labels) = Flat(data.Train);
        var (validation, _) = Flat(data.Validation);
        var (test, testLabels) = Flat(data.Test);

        int side = trial.Quick ? 12 : 30;
        var map = new SelfOrganisingMap(side, side, Pixels, GridTopology.Hexagonal);
        map.StartFlat(train);
        FitBatch(trial, map, train, validation);
        trial.Save("som", map);
        var names = new SomLabels(map, train, labels, Classes);
        trial.Figure("bmu_accuracy", names.Accuracy(test, testLabels));
        trial.Figure("topographic_error", map.TopographicError(test));
        trial.Figure("quantisation_error", map.QuantisationError(test));
        Draw(trial, map, names, test);

        var online = new SelfOrganisingMap(side * 2 / 3, side * 2 / 3, Pixels);
        FitOnline(trial, online, train);
        trial.Figure("online_accuracy", new SomLabels(online, train, labels, Classes).Accuracy(test, testLabels));
        trial.Figure("online_topographic_error", online.TopographicError(test));
        trial.Figure("online_quantisation_error", online.QuantisationError(test));
    }

    private static void FitBatch(Trial trial, SelfOrganisingMap map, Tensor train, Tensor validation)
    {
        const int Epochs = 25;
        var curve = new List<double[]>();
        var trainer = new SomTrainer(map) { LastRadius = 0.5 };
        trainer.FitBatch(train, Epochs, epoch =>
        {
            var (distance, torn) = (map.QuantisationError(validation), map.TopographicError(validation));
            curve.Add([epoch, trainer.RadiusAt(epoch - 1, Epochs), distance, torn]);
            trial.Step("batch", epoch, Epochs, ("quantisation error", distance), ("topographic error", torn));
        });
        trial.Csv("learning", ["epoch", "radius", "quantisation_error", "topographic_error"], curve);
        var plot = Chart.New("A map learns: validation images", "epoch", "mean distance to the closest unit");
        plot.Line("quantisation error", [.. curve.Select(row => row[0])], [.. curve.Select(row => row[2])]);
        trial.Picture("learning", plot);
    }

    private static void FitOnline(Trial trial, SelfOrganisingMap map, Tensor train)
    {
        int updates = train.Shape[0];
        map.StartFrom(train);
        long start = Stopwatch.GetTimestamp();
        new SomTrainer(map).FitOnline(train, updates, progress: done => trial.Progress("online", (double)done / updates));
        trial.Note($"online: {updates / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} updates a second on one thread, {map.Grid.Count} units");
    }

    private static void Draw(Trial trial, SelfOrganisingMap map, SomLabels names, Tensor test)
    {
        string[] words = [.. names.Units.Select(label => label.ToString(CultureInfo.InvariantCulture))];
        trial.Picture("codebook", ImageGrid.Of(map.Weight.Detach().Reshape(-1, 1, Side, Side), map.Columns, scale: 1, range: (0, 1)));
        trial.Picture("u-matrix", new MapDrawing(map.Grid, map.UMatrix(), words));
        trial.Picture("hits", new MapDrawing(map.Grid, map.HitMap(test), words));
        trial.Picture("component-planes", ComponentPlanes(map));
    }

    /// <summary>Nine pixels of the middle of the image, each as a picture of the map.</summary>
    private static ImageGrid ComponentPlanes(SelfOrganisingMap map)
    {
        var places = from y in new[] { 8, 14, 20 } from x in new[] { 8, 14, 20 } select (X: x, Y: y);
        int[] pixels = [.. places.Select(place => place.Y * Side + place.X)];
        return ImageGrid.Of(map.ComponentPlanes().IndexSelect(0, pixels).Unsqueeze(1), columns: 3, scale: Math.Max(4, 120 / map.Columns), range: (0, 1), captions: [.. places.Select(place => $"row {place.Y}, column {place.X}")]);
    }

    private static (Tensor Images, Tensor Labels) Flat(Dataset data)
    {
        var batch = data.ToBatch();
        return (batch.Inputs.Reshape(-1, Pixels), batch.Targets);
    }
}
