using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Digits of kinds never seen in training, told apart from one example of each.</summary>
public sealed class SiameseExperiment : Experiment
{
    private const int Digits = 10, Known = 5, Features = 32;
    private const double LearningRate = 2e-3;

    /// <inheritdoc/>
    public override string Name => "siamese";

    /// <inheritdoc/>
    public override string Summary => "one-shot classification of digits that were not in training, beside nearest neighbours in pixels";

    /// <inheritdoc/>
    public override string Source => "Bromley et al. 1993; Schroff, Kalenichenko and Philbin 2015; Hermans, Beyer and Leibe 2017";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("one_shot_accuracy", 0.65, "unseen digits named from one example of each of five kinds that were not in training (chance: 20 %)", quick: 0.5, format: "0.0 %"),
        Goal.AtLeast("over_untrained", 0.05, "the same, less the accuracy of the network before training", quick: 0.02, format: "0.0 %"),
        Goal.AtLeast("over_pixels", 0.10, "the same, less the accuracy of the nearest example in pixels", format: "0.0 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var split = ImageSplit.Mnist(trial);
        int[] order = Generator.Current.Permutation(Digits), known = order[..Known], unseen = order[Known..];
        trial.Note($"digits to learn from: {string.Join(", ", known.Order())}, each also turned by 90°, 180° and 270° as kinds of their own; never seen in training: {string.Join(", ", unseen.Order())}");
        var kinds = ByDigit(split.Train, known, trial.Quick ? 100 : 2500);

        var net = new Siamese(new Sequential(new Conv2d(1, 16, 3, padding: 1), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2), new Conv2d(16, 32, 3, padding: 1), new BatchNorm2d(32), new ReLU(), new MaxPool2d(2),
            new Conv2d(32, 32, 3, padding: 1), new BatchNorm2d(32), new ReLU(), new AdaptiveAvgPool2d(2), new Flatten(), new Linear(128, Features)));
        var held = ByDigit(split.Test, unseen, trial.Quick ? 30 : 400);
        double untrained = Accuracy(net, held);
        Train(trial, net, kinds, trial.Quick ? 150 : 600);
        trial.Save("siamese", net);

        using var _ = new NoGrad();
        double ours = Accuracy(net, held), pixels = OneShot(held, images => images.Flatten(1), Generator.Current.Split(5));
        trial.Figure("one_shot_accuracy", ours);
        trial.Figure("over_untrained", ours - untrained);
        trial.Figure("pixels_accuracy", pixels);
        trial.Figure("over_pixels", ours - pixels);
        trial.Picture("unseen", Map(net, held, unseen), 700, 500);
    }

    /// <summary>Images of each of the digits, at most so many: [images, 1, 28, 28] each.</summary>
    private static Tensor[] ByDigit(Dataset data, int[] digits, int most)
    {
        int[] labels = data.Labels.ToArray();
        return Array.ConvertAll(digits, digit => data.GetBatch([.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == digit).Take(most)]).Inputs);
    }

    private static double Accuracy(Siamese net, Tensor[] kinds)
    {
        using var _ = new NoGrad();
        net.Eval();
        return OneShot(kinds, images => net.Forward(images), Generator.Current.Split(5));
    }

    private static void Train(Trial trial, Siamese net, Tensor[] kinds, int steps)
    {
        const int Turns = 4, KindsPerStep = 8, Each = 6;
        var optimizer = new Adam(net, LearningRate);
        var schedule = new CosineSchedule(steps);
        var generator = Generator.Current.Split(6);
        double recent = 0;
        net.Train();
        for (int step = 1; step <= steps; step++)
        {
            optimizer.LearningRate = schedule.RateAt(LearningRate, step - 1);
            int[] chosen = generator.Permutation(kinds.Length * Turns)[..KindsPerStep];
            var images = Tensor.Concat(Array.ConvertAll(chosen, kind => Turned(Some(kinds[kind / Turns], Each, generator), kind % Turns)));
            var classes = Tensor.Arange(KindsPerStep).RepeatInterleave(Each, 0);
            var value = Siamese.TripletLoss(net.Forward(images), classes);
            optimizer.ZeroGrad();
            value.Backward();
            optimizer.Step();
            recent += (value.Item() - recent) / Math.Min(step, 50);
            if (step % 30 == 0) trial.Step("triplets", step, steps, ("loss", recent));
        }
        net.Eval();
    }

    private static Tensor Some(Tensor images, int count, Generator generator) => images.IndexSelect(0, generator.Permutation(images.Shape[0])[..count]);

    /// <summary>[N, 1, S, S] turned by so many quarters.</summary>
    private static Tensor Turned(Tensor images, int quarters) => quarters switch
    {
        0 => images,
        1 => images.Transpose().Flip(3),
        2 => images.Flip(2, 3),
        _ => images.Transpose().Flip(2),
    };

    /// <summary>Share of images that are nearest to the example of their own kind; one example of each is drawn anew every time, and all other images are asked.</summary>
    private static double OneShot(Tensor[] kinds, Func<Tensor, Tensor> encode, Generator generator)
    {
        const int Episodes = 200;
        Tensor[] rows = Array.ConvertAll(kinds, images => encode(images));
        double right = 0, asked = 0;
        for (int episode = 0; episode < Episodes; episode++)
        {
            int[] examples = Array.ConvertAll(rows, kind => generator.NextInt(kind.Shape[0]));
            var references = Tensor.Stack([.. rows.Select((kind, k) => kind.Select(0, examples[k]))]);
            for (int k = 0; k < rows.Length; k++)
            {
                // |a - b|² less |a|², which is the same for all examples; an example is always nearest to itself and is not counted.
                var distances = references.Square().Sum(1) - rows[k].MatMul(references.T) * 2;
                right += distances.ArgMin(1).EqualTo(k).Cast(DType.Float64).Sum().Item() - 1;
                asked += rows[k].Shape[0] - 1;
            }
        }
        return right / asked;
    }

    /// <summary>The rows of the unseen digits along their two main directions.</summary>
    private static ScottPlot.Plot Map(Siamese net, Tensor[] kinds, int[] digits)
    {
        const int Each = 60;
        Tensor[] some = Array.ConvertAll(kinds, images => images.Narrow(0, 0, Math.Min(Each, images.Shape[0])));
        var rows = net.Forward(Tensor.Concat(some));
        rows -= rows.Mean(0, keepAxes: true);
        var directions = rows.T.MatMul(rows).EigenSymmetric().Vectors.Narrow(1, Features - 2, 2);
        var plot = Chart.New("Digits never seen in training, along two main directions", "first", "second");
        plot.Classes(rows.MatMul(directions.Flip(1)), [.. some.SelectMany((images, k) => Enumerable.Repeat(k, images.Shape[0]))], Array.ConvertAll(digits, digit => $"{digit}"));
        return plot;
    }
}
