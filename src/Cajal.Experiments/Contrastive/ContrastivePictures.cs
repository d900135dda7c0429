using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What contrastive learning sees, and what it makes of it.</summary>
internal static class ContrastivePictures
{
    /// <summary>Images above, two views of each below.</summary>
    internal static void Views(Trial trial, Dataset data, Transform views)
    {
        const int Shown = 14;
        var plain = data.Take(Shown).ToBatch().Inputs;
        var both = new DataLoader(data.Take(Shown), Shown, seed: trial.Seed, transform: new TwoViews(views)).Single().Inputs;
        trial.Picture("views", ImageGrid.Of(Tensor.Concat([plain, .. both.Chunk(2, axis: 1)], 0), columns: Shown, range: (0, 1)));
    }

    /// <summary>The contrastive loss, epoch by epoch.</summary>
    internal static void Curve(Trial trial, double[] losses)
    {
        double[] epochs = [.. Enumerable.Range(1, losses.Length).Select(epoch => (double)epoch)];
        var plot = Chart.New("SimCLR: finding the other view of an image", "epoch", "NT-Xent loss, nats");
        plot.Line("training images", epochs, losses);
        trial.Picture("loss", plot);
        trial.Csv("loss", ["epoch", "loss"], epochs.Select((epoch, i) => new[] { epoch, losses[i] }));
    }

    /// <summary>Maps of the features of held-out images, by class.</summary>
    internal static void Features(Trial trial, Dataset data, Module pretrained, Module scratch)
    {
        int shown = trial.Quick ? 200 : 1500;
        var some = data.Take(shown).ToBatch();
        foreach (var (name, title, backbone) in new[] { ("features", "learnt without labels", pretrained), ("scratch-features", "from scratch, 100 labels", scratch) })
        {
            using var noGrad = new NoGrad();
            backbone.Eval();
            string stage = $"t-SNE, {title}";
            var map = new TSne().Fit(backbone.Call(some.Inputs), progress: share => trial.Progress(stage, share));
            var plot = Chart.New($"t-SNE of held-out digits' features, {title}", "", "");
            plot.Classes(map.Embedding, data.Labels[..shown].ToArray(), data.Classes!);
            trial.Picture(name, plot, 800, 700);
        }
    }
}
