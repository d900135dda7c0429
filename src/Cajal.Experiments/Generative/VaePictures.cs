using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What variational autoencoders show of themselves.</summary>
internal static class VaePictures
{
    private const int MapSide = 15, TraversalSteps = 11, TraversalRows = 10, CodesShown = 2000;
    private static readonly (double, double) Probability = (0, 1);

    /// <summary>The two parts of the bound, epoch by epoch.</summary>
    internal static void Curves(Trial trial, VaeHistory history)
    {
        double[] epochs = [.. Enumerable.Range(1, history.KlDivergence.Count).Select(epoch => (double)epoch)];
        double[] bound = [.. history.Reconstruction.Zip(history.KlDivergence, (reconstruction, kl) => reconstruction - kl)];
        var plot = Chart.New("the bound and its parts, validation images", "epoch", "nats per image");
        plot.Line("−log p(x|z)", epochs, [.. history.Reconstruction.Select(value => -value)]);
        plot.Line("KL", epochs, history.KlDivergence);
        plot.Line("−ELBO, their sum", epochs, [.. bound.Select(value => -value)]);
        trial.Picture("curves", plot);
        trial.Csv("curves", ["epoch", "elbo", "reconstruction", "kl"], epochs.Select((epoch, i) => new[] { epoch, bound[i], history.Reconstruction[i], history.KlDivergence[i] }));
    }

    /// <summary>Images above, what the decoder makes of their mean codes below.</summary>
    internal static void Reconstructions(Trial trial, VariationalAutoencoder vae, Tensor images)
    {
        const int Shown = 16;
        using var noGrad = new NoGrad();
        var some = images[..Shown];
        trial.Picture("reconstructions", ImageGrid.Of(Tensor.Concat([some, vae.Forward(some)], 0), columns: Shown, range: Probability));
    }

    /// <summary>Images drawn from the prior.</summary>
    internal static void Samples(Trial trial, string name, VariationalAutoencoder vae) =>
        trial.Picture(name, ImageGrid.Of(vae.Sample(80, new Generator((ulong)trial.Seed)), columns: 16, range: Probability));

    /// <summary>One row per latent, those that say most first: an image whose code has this latent moved from -3 to 3.</summary>
    internal static void Traversal(Trial trial, string name, VariationalAutoencoder vae, Tensor images)
    {
        const double Reach = 3;
        using var noGrad = new NoGrad();
        int[] order = [.. Divergence(vae, images).Select((kl, latent) => (kl, latent)).OrderByDescending(pair => pair.kl).Select(pair => pair.latent).Take(TraversalRows)];
        float[] code = vae.Encode(images[..1]).Mean.ToArray<float>();
        float[] codes = [.. from latent in order
                            from step in Enumerable.Range(0, TraversalSteps)
                            from l in Enumerable.Range(0, code.Length)
                            select l == latent ? (float)(Reach * (2.0 * step / (TraversalSteps - 1) - 1)) : code[l]];
        var decoded = vae.Decode(Tensor.From(codes, order.Length * TraversalSteps, code.Length)).Sigmoid();
        trial.Picture(name, ImageGrid.Of(decoded, columns: TraversalSteps, range: Probability));
    }

    /// <summary>How much each latent tells, in falling order.</summary>
    internal static void Divergences(Trial trial, Tensor images, params (string Name, VariationalAutoencoder Vae)[] models)
    {
        var plot = Chart.New("what each latent tells of an image", "latent, in order", "KL, nats per image");
        foreach (var (name, vae) in models)
        {
            double[] sorted = [.. Divergence(vae, images).OrderDescending()];
            plot.Line(name, [.. Enumerable.Range(1, sorted.Length).Select(l => (double)l)], sorted);
        }
        trial.Picture("latents", plot);
    }

    /// <summary>A code of two numbers is a place: what is decoded at places spread as the prior spreads them.</summary>
    internal static void Map(Trial trial, VariationalAutoencoder vae)
    {
        using var noGrad = new NoGrad();
        double[] places = [.. Enumerable.Range(0, MapSide).Select(i => NormalQuantile((i + 0.5) / MapSide))];
        float[] codes = [.. from y in places.Reverse() from x in places from value in new[] { x, y } select (float)value];
        trial.Picture("map", ImageGrid.Of(vae.Decode(Tensor.From(codes, MapSide * MapSide, 2)).Sigmoid(), columns: MapSide, scale: 1, range: Probability));
    }

    /// <summary>Where held-out images lie on the same map, by class.</summary>
    internal static void Codes(Trial trial, VariationalAutoencoder vae, Tensor images, Dataset data)
    {
        using var noGrad = new NoGrad();
        var plot = Chart.New("held-out digits on the map", "first latent", "second latent");
        plot.Classes(vae.Encode(images[..CodesShown]).Mean, data.Labels[..CodesShown].ToArray(), data.Classes!);
        trial.Picture("codes", plot, 800, 700);
    }

    private static double[] Divergence(VariationalAutoencoder vae, Tensor images)
    {
        const int Measured = 2000;
        using var noGrad = new NoGrad();
        return vae.Encode(images[..Math.Min(Measured, images.Shape[0])]).Divergences().Mean([0]).ToArray<double>();
    }

    /// <summary>The place below which a standard normal variable lies with that probability, by halving an interval.</summary>
    private static double NormalQuantile(double probability)
    {
        const double Far = 8, Fine = 1e-9;
        double low = -Far, high = Far;
        while (high - low > Fine)
        {
            double middle = (low + high) / 2;
            if (Tensor.Scalar(middle).NormalCdf().Item() < probability) low = middle;
            else high = middle;
        }
        return low;
    }
}
