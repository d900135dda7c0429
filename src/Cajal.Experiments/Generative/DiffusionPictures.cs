using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What there is to see of a diffusion model.</summary>
internal static class DiffusionPictures
{
    private const int Steps = 40, Columns = 11;

    /// <summary>The loss, and the distance and confidence over training.</summary>
    internal static void Curves(Trial trial, DiffusionTraining training, SampleHistory history)
    {
        var plot = Chart.New("diffusion: loss", "step", "mean squared error of the velocity");
        var (steps, means) = GanPictures.Smooth(training.Losses);
        plot.Line("training batches", steps, means);
        trial.Picture("diffusion-loss", plot);
        trial.Csv("diffusion-loss", ["step", "loss"], training.Losses.Select((loss, i) => new[] { i + 1, loss }));
        trial.Picture("diffusion-distance", GanPictures.Distance("diffusion", history));
    }

    /// <summary>One digit per row, from noise on the left to the image on the right; below each step what is left of the schedule.</summary>
    internal static void Denoising(Trial trial, GaussianDiffusion diffusion, DiffusionUNet net, Tensor noise)
    {
        List<Tensor> seen = [noise];
        List<string> captions = ["noise"];
        diffusion.SampleDdim(net.Guided(DiffusionTraining.Digits(noise.Shape[0]), DiffusionTraining.Guidance), noise, Steps, (-1, 1), step =>
        {
            if (step.Step % (Steps / (Columns - 1)) != 0) return;
            seen.Add(step.Noisy);
            captions.Add(step.Step == step.Steps ? "image" : $"{100 * (step.Steps - step.Step) / step.Steps} %");
        });
        int rows = noise.Shape[0], columns = seen.Count;
        var tiles = Tensor.Stack([.. seen], 1).Reshape([rows * columns, .. noise.Shape.ToArray().AsSpan(1)]);
        trial.Picture("diffusion-denoising", ImageGrid.Of(DigitImages.ToGrey(tiles), columns, Math.Max(2, 56 / noise.Shape[2]), range: (0, 1), [.. Enumerable.Range(0, rows).SelectMany(_ => captions)]));
    }

    /// <summary>Each row walks from one noise to another, for one digit; without fresh noise, near noises become near images.</summary>
    internal static void Interpolation(Trial trial, DiffusionTraining training, DiffusionUNet net)
    {
        const int Rows = 10, Places = 12;
        var ends = training.Noise(2 * Rows);
        var shape = ends.Shape;
        var flat = ends.Flatten(1);
        var noise = Tensor.Concat([.. Enumerable.Range(0, Rows).Select(row => DigitImages.Arc(flat[2 * row], flat[2 * row + 1], Places))]).Reshape(-1, shape[1], shape[2], shape[3]);
        trial.Picture("diffusion-interpolation", ImageGrid.Of(training.Sample(net, noise, Tensor.From([.. Enumerable.Range(0, Rows * Places).Select(i => (long)(i / Places))], Rows * Places), Steps), Places, Math.Max(2, 56 / shape[2]), range: (0, 1)));
    }
}
