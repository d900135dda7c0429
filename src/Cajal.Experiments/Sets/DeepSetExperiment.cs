using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Sums of digits: sets of up to ten images are learned from, told nothing but the sum; sets of up to fifty are asked.</summary>
public sealed class DeepSetExperiment : Experiment
{
    private const int Largest = 10, Features = 32;
    private const double LearningRate = 1e-2;
    private static readonly int[] Sizes = [1, 2, 5, 10, 20, 30, 40, 50];

    /// <inheritdoc/>
    public override string Name => "deepset";

    /// <inheritdoc/>
    public override string Summary => "the sum of a set of handwritten digits, also of sets larger than any seen in training, beside a GRU";

    /// <inheritdoc/>
    public override string Source => "Zaheer et al. 2017";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("error_at_10", 1.5, "mean absolute error of the sums of 10 digits, unseen ones (a constant guess errs by 7)", quick: 4, format: "0.00"),
        Goal.AtMost("error_at_50", 4.5, "the same for sets of 50, five times the largest in training (a constant guess errs by 16)", format: "0.00"),
        Goal.AtLeast("gru_to_deepset_at_50", 2, "error of a GRU on sets of 50 over that of the set network", format: "0.0"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var split = ImageSplit.Mnist(trial);
        var (train, test) = (DigitSets.Of(split.Train), DigitSets.Of(split.Test));
        trial.Note($"sets are drawn from the images: 1 to {Largest} for training, up to {Sizes[^1]} for tests; only the sum is told");
        int steps = trial.Quick ? 150 : 3000, tests = trial.Quick ? 50 : 400;
        int[] sizes = trial.Quick ? [Largest] : Sizes;

        var set = new DeepSet(Encoder(), new Linear(Features, 1));
        Train(trial, "set network", set.Forward, set, train, steps);
        double[] ours = Errors(set, test, sizes, tests);
        trial.Save("deepset", set);
        trial.Figure("error_at_10", ours[Array.IndexOf(sizes, Largest)]);
        if (trial.Quick) return;

        var gru = new SequenceSum(Encoder(), Features);
        Train(trial, "GRU", gru.Forward, gru, train, steps);
        double[] theirs = Errors(gru, test, sizes, tests);
        trial.Figure("error_at_50", ours[^1]);
        trial.Figure("gru_error_at_10", theirs[Array.IndexOf(sizes, Largest)]);
        trial.Figure("gru_to_deepset_at_50", theirs[^1] / ours[^1]);
        trial.Csv("errors", ["size", "deepset", "gru"], sizes.Select((size, i) => (double[])[size, ours[i], theirs[i]]));
        var plot = Chart.New($"Sums of handwritten digits, learned from sets of up to {Largest}", "digits in the set", "mean absolute error of the sum");
        double[] x = [.. sizes.Select(size => (double)size)];
        plot.Line("set network", x, ours);
        plot.Line("GRU", x, theirs);
        trial.Picture("errors", plot, 700, 450);
    }

    /// <summary>
    /// [N, 1, 28, 28] → [N, features] in (0, 1), votes that the sum counts. At half the resolution: thousands of steps are needed, since a sum says little about each of its terms.
    /// </summary>
    private static Sequential Encoder() => new(new AvgPool2d(2),
        new Conv2d(1, 16, 3, padding: 1, bias: false), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2),
        new Conv2d(16, 32, 3, bias: false), new BatchNorm2d(32), new ReLU(), new Flatten(),
        new Linear(800, 64), new BatchNorm1d(64), new ReLU(), new Linear(64, Features), new Sigmoid());

    private static void Train(Trial trial, string stage, Func<Tensor, Tensor> sum, Module net, DigitSets sets, int steps)
    {
        const int ImagesPerStep = 240;
        var optimizer = new Adam(net, LearningRate);
        var schedule = new CosineSchedule(steps);
        var generator = Generator.Current.Split(3);
        double recent = 0;
        for (int step = 1; step <= steps; step++)
        {
            optimizer.LearningRate = schedule.RateAt(LearningRate, step - 1);
            int size = 1 + generator.NextInt(Largest);
            var (images, sums) = sets.Draw(ImagesPerStep / size, size, generator);
            // The square of a sum's error grows with the number of its terms.
            var value = (sum(images) - sums).Square().Mean() / size;
            optimizer.ZeroGrad();
            value.Backward();
            Gradients.ClipNorm(net.Parameters(), 5);
            optimizer.Step();
            recent += (value.Item() - recent) / Math.Min(step, 50);
            if (step % 50 == 0) trial.Step(stage, step, steps, ("loss", recent));
        }
        net.Eval();
    }

    /// <summary>Mean absolute error for each size, over as many sets.</summary>
    private static double[] Errors(Module net, DigitSets sets, int[] sizes, int count)
    {
        using var _ = new NoGrad();
        var generator = Generator.Current.Split(4);
        const int AtOnce = 25;
        return Array.ConvertAll(sizes, size =>
        {
            double total = 0;
            for (int done = 0; done < count; done += AtOnce)
            {
                var (images, sums) = sets.Draw(AtOnce, size, generator);
                total += (net.Forward(images) - sums).Abs().Sum().Item();
            }
            return total / count;
        });
    }
}
