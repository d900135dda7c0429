using Cajal.Models;

namespace Cajal.Cli;

/// <summary>Builds the networks that can be named, for the shapes of a data set.</summary>
internal static class NetworkFactory
{
    /// <summary>Every network that can be named, with one line for the list.</summary>
    internal static readonly (string Name, string Summary)[] All =
    [
        ("linear", "one layer: logistic or linear regression"),
        ("mlp", "dense layers with rectifiers (--hidden, --dropout)"),
        ("lenet5", "LeNet-5 in its modern form, for images of 12x12 and more"),
        ("cnn", "two 3x3 convolutions, pooling, a dense layer, dropout, for images, which are changed a little at random"),
    ];

    private const int LeNetSide = 12, CnnSide = 2;

    internal static string[] Names => [.. All.Select(model => model.Name)];

    /// <summary>A network for <paramref name="train"/>; tables are put into standard units inside it, by its training part.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="train">The training part.</param>
    /// <param name="hidden">Widths of hidden layers, for <c>mlp</c>.</param>
    /// <param name="dropout">For <c>mlp</c>.</param>
    /// <param name="scaled">Whether the inputs are in standard units already.</param>
    internal static Module Build(string model, Dataset train, int[] hidden, double dropout, bool scaled)
    {
        int outputs = train.Task == LearningTask.Classification ? train.Classes!.Count : 1;
        int inputs = train.InputShape.Aggregate(1, (product, length) => product * length);
        bool image = train.InputShape.Count == 3;
        if (model is "lenet5" or "cnn") CheckImage(model, train, inputs);
        Module net = model switch
        {
            "linear" => Architectures.Mlp(inputs, outputs, []),
            "mlp" => Architectures.Mlp(inputs, outputs, hidden, dropout),
            "lenet5" => Architectures.LeNet5(train.InputShape[0], train.InputShape[1], outputs),
            _ => Architectures.Cnn(train.InputShape[0], train.InputShape[1], outputs),
        };
        if (image) return net;
        var all = train.ToBatch();
        var layers = new List<Module> { net };
        // Columns come in units of their own: the network carries its scaling with it, fitted on the training part alone.
        if (!scaled) layers.Insert(0, new Rescale(inputs).Standardising(all.Inputs));
        if (train.Task == LearningTask.Regression) layers.Add(new Rescale(1).InUnitsOf(all.Targets.Reshape(-1, 1)));
        return layers.Count == 1 ? net : new Sequential([.. layers]);
    }

    private static void CheckImage(string model, Dataset train, int inputs)
    {
        if (train.InputShape.Count != 3) throw new UsageException($"--model {model} is for images, but {train.Name} has {inputs} columns; use linear or mlp.");
        int least = model == "lenet5" ? LeNetSide : CnnSide;
        if (train.InputShape[1] >= least) return;
        throw new UsageException($"--model {model} needs images of {least} x {least} pixels or more, but {train.Name} has {train.InputShape[1]} x {train.InputShape[2]}; use cnn.");
    }
}
