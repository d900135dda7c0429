namespace Cajal.Cli;

/// <summary>Settings that suit a data set; what the user does not say is taken from here.</summary>
/// <param name="Model">The network.</param>
/// <param name="Epochs">Passes over the training data.</param>
/// <param name="BatchSize">Samples per step.</param>
/// <param name="LearningRate">At the start; it falls along a half cosine.</param>
internal sealed record TrainingDefaults(string Model, int Epochs, int BatchSize, double LearningRate)
{
    /// <summary>Widths of the hidden layers of <c>mlp</c>.</summary>
    internal int[] Hidden { get; init; } = [32, 16];

    /// <summary>Share dropped after each hidden layer of <c>mlp</c>.</summary>
    internal double Dropout { get; init; }

    /// <summary>Strength of the ridge penalty.</summary>
    internal double Ridge { get; init; }

    /// <summary>How images are changed at random for <c>cnn</c>, which is large enough to learn them by heart.</summary>
    internal Transform? Augment { get; init; }
}

/// <summary>The parts of a data set, and how rows of a text table become its inputs (null for images).</summary>
internal sealed record LearningData(Dataset Train, Dataset Test, TablePreprocessor? Table = null);

/// <summary>A data set that can be learned, with the settings that suit it.</summary>
/// <param name="Name">What the user types, or the name of the file.</param>
/// <param name="Summary">One line for the list.</param>
/// <param name="Defaults">The settings that suit it.</param>
/// <param name="Load">Gives the training and the held-out part, for a folder of data files and a seed.</param>
internal sealed record LearningProblem(string Name, string Summary, TrainingDefaults Defaults, Func<string?, int, LearningData> Load)
{
    private static readonly int[] WideHidden = [256, 128];

    /// <summary>
    /// All named data sets, in the order of the list. The defaults of iris and diabetes were chosen by cross-validation: docs/selection/choose-defaults.cs.
    /// </summary>
    internal static readonly LearningProblem[] All =
    [
        new("digits", "8x8 handwritten digits, 1,797 images, 10 classes", new("cnn", 30, 32, 2e-3) { Hidden = WideHidden, Dropout = 0.2, Augment = new RandomAffine(degrees: 20, scale: 0.2, shift: 0.1) }, Halved(Datasets.Digits)),
        new("iris", "150 flowers, 4 lengths, 3 species", new("linear", 300, 16, 1e-1) { Ridge = 1e-3 }, Halved(Datasets.Iris)),
        new("wine", "178 wines, 13 measurements, 3 growers", new("mlp", 60, 16, 5e-3), Halved(Datasets.Wine)),
        new("breast-cancer", "569 biopsies, 30 measurements, 2 classes", new("mlp", 60, 32, 3e-3), Halved(Datasets.BreastCancer)),
        new("diabetes", "442 patients, 10 measurements, progression after a year (a number)", new("mlp", 100, 32, 3e-3) { Hidden = [32], Ridge = 300 }, Halved(Datasets.Diabetes)),
        new("mnist", "28x28 handwritten digits, 70,000 images, 10 classes, from files", new("lenet5", 15, 64, 1e-3) { Hidden = WideHidden, Dropout = 0.2, Augment = new RandomAffine(degrees: 10, scale: 0.1, shift: 0.07) },
            (folder, _) => new(Datasets.Mnist(DatasetPart.Train, folder), Datasets.Mnist(DatasetPart.Test, folder))),
        new("fashion-mnist", "28x28 articles of clothing, 70,000 images, 10 classes, from files", new("cnn", 20, 64, 1e-3) { Hidden = WideHidden, Dropout = 0.2, Augment = new RandomHorizontalFlip() },
            (folder, _) => new(Datasets.FashionMnist(DatasetPart.Train, folder), Datasets.FashionMnist(DatasetPart.Test, folder))),
    ];

    /// <summary>The data set of that name.</summary>
    /// <exception cref="UsageException">There is none; the message offers the nearest.</exception>
    internal static LearningProblem Find(string name) =>
        All.FirstOrDefault(problem => problem.Name == name)
        ?? throw new UsageException(
            $"there is no data set or CSV file \"{name}\"{(DidYouMean.Hint(name, All.Select(problem => problem.Name)) is { Length: > 0 } hint ? hint : ".")} See: cajal list");

    /// <summary>The files MNIST and Fashion-MNIST are read from; null for what is built in.</summary>
    internal static MnistVariant? FilesOf(string name) => name switch
    {
        "mnist" => MnistVariant.Mnist,
        "fashion-mnist" => MnistVariant.FashionMnist,
        _ => null,
    };

    /// <summary>A fifth is held out. A table can also be read from text, by the names of its columns.</summary>
    private static Func<string?, int, LearningData> Halved(Func<Dataset> load) => (_, seed) =>
    {
        var all = load();
        var (train, test) = all.Split(0.8, seed);
        return new(train, test, all.FeatureNames is null ? null : TableProblem.Columns(all));
    };
}
