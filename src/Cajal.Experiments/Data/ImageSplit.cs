namespace Cajal.Experiments;

/// <summary>Small grey images in ten classes for experiments: MNIST or Fashion-MNIST, and for <c>--quick</c> the digits that are built in.</summary>
/// <param name="Train">To learn from; inputs [N, 1, 28, 28] in [0, 1].</param>
/// <param name="Validation">Set aside from the training part, to choose by.</param>
/// <param name="Test">To be looked at once, at the end.</param>
public sealed record ImageSplit(Dataset Train, Dataset Validation, Dataset Test)
{
    private const double ValidationShare = 1.0 / 12;
    private const int Side = 28;

    /// <summary>MNIST; with <c>--quick</c> the 1,797 built-in digits, enlarged from 8 x 8. Says which to the user.</summary>
    /// <param name="trial">Says whether to be quick, and the seed of the split.</param>
    /// <param name="train">At most so many images to learn from; 0: all.</param>
    public static ImageSplit Mnist(Trial trial, int train = 0) => Load(trial, MnistVariant.Mnist, train);

    /// <summary>Fashion-MNIST; with <c>--quick</c> the 1,797 built-in digits, enlarged from 8 x 8. Says which to the user.</summary>
    /// <inheritdoc cref="Mnist"/>
    public static ImageSplit Fashion(Trial trial, int train = 0) => Load(trial, MnistVariant.FashionMnist, train);

    /// <summary>For experiments on both: refuses a folder whose files would be taken for MNIST and for Fashion-MNIST.</summary>
    /// <exception cref="InvalidDataException">The files of both would be read from one folder.</exception>
    public static void CheckApart(Trial trial)
    {
        if (DatasetLocations.FolderOf(MnistVariant.Mnist, trial.DataFolder) is { } folder && folder == DatasetLocations.FolderOf(MnistVariant.FashionMnist, trial.DataFolder))
            throw new InvalidDataException($"{folder}: MNIST and Fashion-MNIST have files of the same names; put them into the folders mnist and fashion-mnist of one folder, and name that one.");
    }

    private static ImageSplit Load(Trial trial, MnistVariant variant, int limit)
    {
        if (trial.Quick)
        {
            var (learn, held) = Datasets.Digits().Map(Enlarge).Split(0.8, trial.Seed);
            var (few, aside) = learn.Split(1 - ValidationShare, trial.Seed);
            trial.Note($"data: {few.Count:N0} built-in handwritten digits, enlarged from 8 x 8 to 28 x 28; {held.Count:N0} held out");
            return new(Limited(few, limit, trial.Seed), aside, held);
        }
        bool digits = variant == MnistVariant.Mnist;
        var all = digits ? Datasets.Mnist(DatasetPart.Train, trial.DataFolder) : Datasets.FashionMnist(DatasetPart.Train, trial.DataFolder);
        var test = digits ? Datasets.Mnist(DatasetPart.Test, trial.DataFolder) : Datasets.FashionMnist(DatasetPart.Test, trial.DataFolder);
        var (train, validation) = all.Split(1 - ValidationShare, trial.Seed);
        train = Limited(train, limit, trial.Seed);
        trial.Note($"data: {(digits ? "MNIST" : "Fashion-MNIST")}, {train.Count:N0} images to learn from, {validation.Count:N0} to choose by, {test.Count:N0} held out");
        return new(train, validation, test);
    }

    /// <summary>[N, 1, 8, 8] → [N, 1, 28, 28]: each pixel to 3 x 3 smooth ones, and a margin of 2 as MNIST's.</summary>
    private static Batch Enlarge(Batch batch)
    {
        const int Margin = 2, Inner = Side - 2 * Margin;
        int count = batch.Inputs.Shape[0];
        var images = batch.Inputs.Reshape(count, 1, 8, 8).Interpolate([Inner, Inner], InterpolationMode.Linear).Pad([(0, 0), (0, 0), (Margin, Margin), (Margin, Margin)]);
        return batch with { Inputs = images };
    }

    private static Dataset Limited(Dataset data, int limit, int seed) => limit == 0 || limit >= data.Count ? data : data.Split((double)limit / data.Count, seed).Train;
}
