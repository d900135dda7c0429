using Cajal.Models;

namespace Cajal.Cli;

/// <summary>A named data set with the settings that suit it.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Summary">One line for the list.</param>
/// <param name="Model">The network taken when none is named.</param>
/// <param name="Epochs">Passes over the training data.</param>
/// <param name="BatchSize">Samples per step.</param>
/// <param name="LearningRate">Of Adam, falling along a half cosine.</param>
/// <param name="Load">Gives the training and the held-out part.</param>
internal sealed record LearningProblem(
    string Name, string Summary, string Model, int Epochs, int BatchSize, double LearningRate, Func<string?, int, (Dataset Train, Dataset Test)> Load)
{
    /// <summary>Every network that can be named.</summary>
    internal static readonly string[] Models = ["linear", "mlp", "lenet5", "cnn"];

    /// <summary>All data sets, in the order of the list.</summary>
    internal static readonly LearningProblem[] All =
    [
        new("digits", "8x8 handwritten digits, 1,797 images (UCI), built in", "cnn", 30, 32, 2e-3, (_, seed) => Datasets.Digits().Split(0.8, seed)),
        new("iris", "150 flowers, 4 lengths, 3 species, built in", "mlp", 100, 16, 1e-2, (_, seed) => Datasets.Iris().Split(0.8, seed)),
        new("wine", "178 wines, 13 measurements, 3 growers, built in", "mlp", 60, 16, 5e-3, (_, seed) => Datasets.Wine().Split(0.8, seed)),
        new("breast-cancer", "569 biopsies, 30 features, 2 classes, built in", "mlp", 60, 32, 3e-3, (_, seed) => Datasets.BreastCancer().Split(0.8, seed)),
        new("diabetes", "442 patients, progression after a year (regression), built in", "linear", 200, 32, 1e-2, (_, seed) => Datasets.Diabetes().Split(0.8, seed)),
        new("mnist", "28x28 handwritten digits, 70,000 images, from files", "lenet5", 15, 64, 1e-3, (dir, _) => (Datasets.Mnist(DatasetPart.Train, dir), Datasets.Mnist(DatasetPart.Test, dir))),
        new("fashion-mnist", "28x28 articles of clothing, 70,000 images, from files", "cnn", 15, 64, 1e-3, (dir, _) => (Datasets.FashionMnist(DatasetPart.Train, dir), Datasets.FashionMnist(DatasetPart.Test, dir))),
    ];

    /// <summary>The data set of that name.</summary>
    /// <exception cref="UsageException">There is none; the message offers the nearest.</exception>
    internal static LearningProblem Find(string name) =>
        All.FirstOrDefault(problem => problem.Name == name)
        ?? throw new UsageException($"there is no data set \"{name}\". {Hint(name, All.Select(problem => problem.Name))}See: cajal list");

    /// <summary>Builds the named network for the shapes of <paramref name="train"/>.</summary>
    internal static Module Build(string model, Dataset train)
    {
        int outputs = train.Task == LearningTask.Classification ? train.Classes!.Count : 1;
        int inputs = train.InputShape.Aggregate(1, (product, length) => product * length);
        bool image = train.InputShape.Count == 3;
        if (model is "lenet5" or "cnn" && !image) throw new UsageException($"--model {model} is for images, but {train.Name} has {inputs} columns; use linear or mlp.");
        if (model == "lenet5" && train.InputShape[1] < 12) throw new UsageException($"--model lenet5 needs images of 12 x 12 pixels or more, but {train.Name} has {train.InputShape[1]} x {train.InputShape[2]}; use cnn.");
        Module net = model switch
        {
            "linear" => Architectures.Mlp(inputs, outputs, []),
            "mlp" => image ? Architectures.Mlp(inputs, outputs, [256, 128], dropout: 0.2) : Architectures.Mlp(inputs, outputs, [32, 16]),
            "lenet5" => Architectures.LeNet5(train.InputShape[0], train.InputShape[1], outputs),
            "cnn" => Architectures.Cnn(train.InputShape[0], train.InputShape[1], outputs),
            _ => throw new UsageException($"there is no model \"{model}\". {Hint(model, Models)}Models: {string.Join(", ", Models)}."),
        };
        if (image) return net;
        // Columns come in units of their own: the network carries its scaling with it, fitted on the training part alone.
        var all = train.ToBatch();
        var scaled = new List<Module> { new Rescale(inputs).Standardising(all.Inputs), net };
        if (train.Task == LearningTask.Regression) scaled.Add(new Rescale(1).InUnitsOf(all.Targets.Reshape(-1, 1)));
        return new Sequential([.. scaled]);
    }

    private static string Hint(string typed, IEnumerable<string> known) => DidYouMean.Closest(typed, known) is { } near ? $"Did you mean \"{near}\"? " : "";
}
