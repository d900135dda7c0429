using System.Diagnostics;
using Cajal.Models;

namespace Cajal.Benchmarks;

/// <summary>
/// Kohonen's rule, image by image, on MNIST: 20 x 20 units on a rectangular grid, Gaussian neighbourhood, radius 10 to 1, rate 0.5 to 0.01. One thread. One JSON line with the updates per second, and the
/// mean distance of the images to their closest units behind it, so that one sees that peers did the same work.
/// </summary>
internal static class SomSpeed
{
    private const int Side = 20, Pixels = 784, Images = 10_000;

    internal static void Run(int updates, string? folder)
    {
        var data = Datasets.Mnist(DatasetPart.Train, folder).Take(Images).ToBatch().Inputs.Reshape(Images, Pixels);
        var map = new SelfOrganisingMap(Side, Side, Pixels);
        map.Weight.CopyFrom(data.Narrow(0, 0, Side * Side));
        var trainer = new SomTrainer(map) { FirstRadius = 10, LastRadius = 1, FirstRate = 0.5, LastRate = 0.01 };
        var clock = Stopwatch.StartNew();
        trainer.FitOnline(data, updates);
        double seconds = clock.Elapsed.TotalSeconds;
        JsonLine.Print(("name", $"som/{Side}x{Side}-{Pixels}"), ("benchmark", "som"), ("engine", "cajal"), ("threads", 1), ("updates", updates), ("seconds", seconds),
            ("updates_per_second", updates / seconds), ("quantisation_error", map.QuantisationError(data)));
    }
}
