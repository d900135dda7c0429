using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What autoencoders make of digits.</summary>
internal static class AutoencoderPictures
{
    /// <summary>The same images as several networks see them, one row each.</summary>
    internal static void Rows(Trial trial, string name, params Tensor[] versions)
    {
        const int Shown = 14;
        trial.Picture(name, ImageGrid.Of(Tensor.Concat([.. versions.Select(images => images[..Shown])], 0), columns: Shown, range: (0, 1)));
    }

    /// <summary>Errors on the validation images, epoch by epoch, beside PCA's.</summary>
    internal static void Curves(Trial trial, double pcaError, params (string Name, History History)[] runs)
    {
        var plot = Chart.New("squared error at equal code size", "epoch", "per pixel");
        int longest = runs.Max(run => run.History.Epochs.Count);
        foreach (var (name, history) in runs) plot.Line(name, [.. history.Epochs.Select(epoch => (double)epoch.Epoch)], history["val_loss"]);
        plot.Line("PCA (held-out images)", [1, longest], [pcaError, pcaError]);
        trial.Picture("curves", plot);
        trial.Csv("curves", ["epoch", .. runs.Select(run => run.Name)],
            Enumerable.Range(0, longest).Select(i => (double[])[i + 1, .. runs.Select(run => i < run.History.Epochs.Count ? run.History["val_loss"][i] : double.NaN)]));
    }

    /// <summary>What each unit of a sparse code looks for: the rows of the encoder's weights.</summary>
    internal static void Filters(Trial trial, Autoencoder sparse)
    {
        const int Columns = 14;
        var weights = sparse.Parameters().First();
        trial.Picture("filters", ImageGrid.Of(weights.Reshape(weights.Shape[0], 1, 28, 28), Columns));
    }

    /// <summary>Maps of the codes of held-out images: the two directions of greatest variance, and neighbourhoods.</summary>
    internal static void Codes(Trial trial, Tensor codes, Dataset data)
    {
        const int Shown = 1500;
        var some = codes[..Shown];
        Map("codes-pca", "codes of held-out digits, two principal components", Pca.Fit(some, 2).Transform(some));
        var map = new TSne().Fit(some, progress: share => trial.Progress("t-SNE", share));
        Map("codes-tsne", "codes of held-out digits, t-SNE", map.Embedding);
        trial.Figure("tsne_trustworthiness", Trustworthiness.Of(some, map.Embedding));

        void Map(string name, string title, Tensor points)
        {
            var plot = Chart.New(title, "", "");
            plot.Classes(points, data.Labels[..Shown].ToArray(), data.Classes!);
            trial.Picture(name, plot, 800, 700);
        }
    }
}
