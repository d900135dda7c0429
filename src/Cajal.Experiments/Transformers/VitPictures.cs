using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What a vision transformer learned, to look at.</summary>
internal static class VitPictures
{
    /// <summary>Accuracy while learning.</summary>
    internal static void Learning(Trial trial, History history)
    {
        var plot = Chart.New("Vision transformer on digits", "epoch", "accuracy, %");
        double[] epochs = [.. history.Epochs.Select(epoch => (double)epoch.Epoch)];
        plot.Line("training (augmented)", epochs, [.. history.Epochs.Select(epoch => 100 * epoch.Metrics["accuracy"])]);
        plot.Line("validation", epochs, [.. history.Epochs.Select(epoch => 100 * epoch.Validation!.Accuracy!.Value)]);
        trial.Picture("learning", plot);
    }

    /// <summary>One image of each class, and below it how much each patch counts for the answer (attention rollout).</summary>
    internal static void Looks(Trial trial, VisionTransformer net, Dataset test)
    {
        int side = test.InputShape[1];
        int[] shown = [.. Enumerable.Range(0, test.Classes!.Count).Select(k => Array.IndexOf(test.Labels.ToArray(), k))];
        var images = test.GetBatch(shown).Inputs;
        var rollout = net.Rollout(images);
        // Each map from its least to its largest weight, on the pixels of its patches; the root shows the small ones too.
        var (least, most) = (rollout.Min([2, 3], keepAxes: true), rollout.Max([2, 3], keepAxes: true));
        var maps = ((rollout - least) / (most - least + 1e-12)).Sqrt().Interpolate([side, side], InterpolationMode.Nearest);
        trial.Picture("attention", ImageGrid.Of(Tensor.Concat([images, maps, images * (maps * 0.7 + 0.3)]), columns: shown.Length, scale: 3, range: (0, 1)));
    }

    /// <summary>The patch embedding as images, and how alike the position embeddings are to that of each patch.</summary>
    internal static void Patches(Trial trial, VisionTransformer net)
    {
        trial.Picture("patches", ImageGrid.Of(net.PatchEmbedding.Weight.Detach(), columns: 16, scale: 8));
        int grid = net.Grid;
        using var scope = new NoGrad();
        var positions = net.Encoder.PositionEmbedding.Detach().Squeeze(0);
        positions = positions.Narrow(0, positions.Shape[0] - grid * grid, grid * grid);
        positions /= positions.Square().Sum([1], keepAxes: true).Sqrt();
        trial.Picture("positions", ImageGrid.Of(positions.MatMul(positions.T).Reshape(grid * grid, 1, grid, grid), columns: grid, scale: 6, range: (-0.5, 1)));
    }
}
