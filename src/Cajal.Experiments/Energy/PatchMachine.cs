using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>The machine with real visible units, on small patches of clothes: what it knows of them beyond how bright each pixel is.</summary>
internal static class PatchMachine
{
    private const int Side = 8, Size = Side * Side, Images = 28;

    /// <summary>Patches with less contrast than this are left out: most are plain background, and of one value.</summary>
    private const double LeastDeviation = 0.1;

    /// <summary>Trains one, measures it on new patches and draws its features.</summary>
    internal static void Run(Trial trial)
    {
        var data = ImageSplit.Fashion(trial);
        var random = new Generator((ulong)trial.Seed, stream: 4);
        int count = trial.Quick ? 5000 : 50_000;
        var (train, test) = (Patches(data.Train, count, random), Patches(data.Test, count / 10, random));
        double scale = Math.Sqrt(train.Square().Mean().Item());
        (train, test) = (train / scale, test / scale);
        trial.Note($"patches of {Side} x {Side} pixels with some contrast, each less its mean: {train.Shape[0]:N0} to learn from, {test.Shape[0]:N0} held out");

        var rbm = new GaussianRbm(Size, hidden: trial.Quick ? 36 : 100);
        new RbmTrainer(rbm) { Chains = 100, LearningRate = 0.02, Momentum = 0.5 }.Fit(train, epochs: trial.Quick ? 20 : 30, progress: (_, share) => trial.Progress("patches", share));
        var estimate = AnnealedImportanceSampling.Estimate(rbm, temperatures: trial.Quick ? 1000 : 10_000, chains: 100, train.Mean(0), progress: share => trial.Progress("log Z of patches", share));
        trial.Figure("patch_gain", RbmExperiment.LogLikelihood(rbm, test, estimate.LogZ) - Independent(train, test));
        trial.Figure("patch_gain_low", RbmExperiment.LogLikelihood(rbm, test, estimate.High) - Independent(train, test));
        trial.Figure("patch_effective_chains", estimate.EffectiveChains);
        trial.Save("patch-rbm", rbm);
        trial.Picture("patch-filters", ImageGrid.Of(rbm.Weight.Detach().Reshape(-1, 1, Side, Side), columns: trial.Quick ? 6 : 10, scale: 6));
        trial.Picture("patches", ImageGrid.Of(train.Narrow(0, 0, 100).Reshape(-1, 1, Side, Side), columns: 10, scale: 6));
    }

    /// <summary>Mean log density of the test patches if every pixel were normal by itself, in nats.</summary>
    private static double Independent(Tensor train, Tensor test)
    {
        var (mean, variance) = (train.Mean(0), train.Var([0], correction: 0));
        return -((test - mean).Square() / variance + variance.Log() + Math.Log(2 * Math.PI)).Sum(-1).Mean().Item() / 2;
    }

    /// <summary>Up to <paramref name="count"/> patches [N, 64] at random places of random images.</summary>
    private static Tensor Patches(Dataset images, int count, Generator random)
    {
        var batch = images.GetBatch([.. Enumerable.Range(0, count).Select(_ => random.NextInt(images.Count))]).Inputs.Reshape(count, Images, Images);
        var patches = Tensor.Stack([.. Enumerable.Range(0, count).Select(n => batch[n].Narrow(0, random.NextInt(Images - Side + 1), Side).Narrow(1, random.NextInt(Images - Side + 1), Side).Reshape(Size))]);
        double[] deviations = patches.Var([1], correction: 0).Sqrt().ToArray<double>();
        var kept = patches.IndexSelect(0, (int[])[.. Enumerable.Range(0, count).Where(n => deviations[n] >= LeastDeviation)]);
        return kept - kept.Mean([1], keepAxes: true);
    }
}
