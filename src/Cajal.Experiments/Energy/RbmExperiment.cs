using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>A restricted Boltzmann machine learns the distribution of handwritten digits, and its likelihood is measured; its features serve a classifier, and a deep belief net is built on it.</summary>
public sealed class RbmExperiment : Experiment
{
    private const int Side = 28, Pixels = Side * Side, Classes = 10, FewLabels = 1000;

    /// <inheritdoc/>
    public override string Name => "rbm";

    /// <inheritdoc/>
    public override string Summary => "restricted Boltzmann machine: persistent chains, log-likelihood by annealed importance sampling, features, a deep belief net; real units on patches";

    /// <inheritdoc/>
    public override string Source => "Tieleman 2008; Salakhutdinov and Murray 2008; Hinton, Osindero and Teh 2006";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("test_log_likelihood", -100, "mean log-likelihood of binarised test images, in nats", quick: -225, format: "0.00"),
        Goal.AtMost("partition_error", 0.1, "log Z by annealed importance sampling against all states of 14 hidden units, in nats", quick: 0.1),
        Goal.AtLeast("patch_gain", 10, "real visible units: mean log density of new patches of clothes over that of independent normal pixels, in nats", quick: 5, format: "0.0"),
        Goal.AtLeast("logistic_accuracy", 0.96, "test accuracy of logistic regression on the features", quick: 0.88, format: "0.00 %"),
        Goal.AtLeast("dbn_accuracy", 0.98, "test accuracy of a deep belief net trained further with all labels", format: "0.00 %"),
        Goal.AtLeast("pretraining_gain", 0.01, "test accuracy with 1,000 labels, over the same network from random weights", format: "0.00 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        if (!trial.Quick) ImageSplit.CheckApart(trial);
        var data = ImageSplit.Mnist(trial);
        var (train, labels) = Flat(data.Train);
        var validation = Binarised(Flat(data.Validation).Images);
        var (test, testLabels) = Flat(data.Test);
        trial.Note("grey levels are taken as probabilities: training images are drawn anew each time, those that likelihoods are measured on were drawn once");

        var rbm = new BernoulliRbm(Pixels, hidden: trial.Quick ? 64 : 500);
        var chains = Train(trial, rbm, train, validation);
        trial.Save("rbm", rbm);
        MeasureLikelihood(trial, rbm, train, Binarised(test));
        CompareWithAllStates(trial, train);
        trial.Picture("filters", ImageGrid.Of(rbm.Weight.Detach().Narrow(0, 0, Math.Min(100, rbm.Hidden)).Reshape(-1, 1, Side, Side), columns: 10));
        DrawSamples(trial, rbm, chains);

        var classifier = new Linear(rbm.Hidden, Classes);
        Learn(trial, "logistic regression", classifier, new TensorDataset(Features(rbm, train), labels), epochs: trial.Quick ? 40 : 20, rate: 1e-2);
        trial.Figure("logistic_accuracy", Accuracy(classifier, new TensorDataset(Features(rbm, test), testLabels)));
        if (!trial.Quick) StackMachines(trial, rbm, new(train, labels), new(test, testLabels), train);
        PatchMachine.Run(trial);
    }

    /// <summary>Persistent contrastive divergence with a hundred chains; returns where they end.</summary>
    private static Tensor Train(Trial trial, BernoulliRbm rbm, Tensor train, Tensor validation)
    {
        int epochs = trial.Quick ? 30 : 20;
        var curve = new List<double[]>();
        var trainer = new RbmTrainer(rbm) { Chains = 100, LearningRate = 0.1, WeightDecay = 2e-4, Binarise = true };
        var learning = trainer.Fit(train, epochs, progress: (epoch, share) =>
        {
            trial.Progress("persistent chains", share);
            if (share < 1 || epoch % (epochs / 10) != 0) return;
            // Few chains and few temperatures: good enough for a curve. Its own generator, so that looking does not change the training.
            var rough = AnnealedImportanceSampling.Estimate(rbm, temperatures: 500, chains: 20, train.Mean(0), new Generator(1));
            double likelihood = LogLikelihood(rbm, validation, rough.LogZ);
            curve.Add([epoch, likelihood]);
            trial.Step("persistent chains", epoch, epochs, ("validation log-likelihood, rough", likelihood));
        });
        trial.Csv("learning", ["epoch", "validation_log_likelihood_rough"], curve);
        var plot = Chart.New("Learning with persistent chains", "epoch", "log-likelihood, nats per image");
        plot.Line("validation images (rough estimate)", [.. curve.Select(row => row[0])], [.. curve.Select(row => row[1])]);
        trial.Picture("learning", plot);
        return learning.Chains!;
    }

    private static void MeasureLikelihood(Trial trial, BernoulliRbm rbm, Tensor train, Tensor test)
    {
        var estimate = AnnealedImportanceSampling.Estimate(rbm, temperatures: trial.Quick ? 1000 : 10_000, chains: 100, train.Mean(0), progress: share => trial.Progress("log Z", share));
        trial.Figure("test_log_likelihood", LogLikelihood(rbm, test, estimate.LogZ));
        trial.Figure("test_log_likelihood_low", LogLikelihood(rbm, test, estimate.High));
        trial.Figure("log_partition", estimate.LogZ);
        trial.Figure("effective_chains", estimate.EffectiveChains);
    }

    /// <summary>Whether the estimate can be believed: on a machine whose states can all be visited.</summary>
    private static void CompareWithAllStates(Trial trial, Tensor train)
    {
        var small = new BernoulliRbm(Pixels, hidden: 14);
        new RbmTrainer(small) { Chains = 100, LearningRate = 0.1, Binarise = true }.Fit(train.Narrow(0, 0, Math.Min(train.Shape[0], 5000)), epochs: 5);
        var estimate = AnnealedImportanceSampling.Estimate(small, temperatures: 1000, chains: 100, train.Mean(0));
        trial.Figure("partition_error", Math.Abs(estimate.LogZ - PartitionFunction.LogExact(small, trial.Cancellation)));
    }

    private static void DrawSamples(Trial trial, BernoulliRbm rbm, Tensor chains)
    {
        const int Columns = 10, Rows = 10, Sweeps = 200;
        var v = chains.Narrow(0, 0, Columns);
        var rows = new List<Tensor>();
        using var scope = new NoGrad();
        for (int row = 0; row < Rows; row++)
        {
            v = rbm.Gibbs(v, Sweeps);
            rows.Add(rbm.VisibleMeans(rbm.SampleHidden(v)));
            trial.Progress("samples", (row + 1.0) / Rows);
        }
        trial.Picture("samples", ImageGrid.Of(Tensor.Concat([.. rows]).Reshape(-1, 1, Side, Side), Columns, range: (0, 1)));
    }

    /// <summary>A second machine on the features of the first; then both as the start of a classifier.</summary>
    private static void StackMachines(Trial trial, BernoulliRbm rbm, TensorDataset train, TensorDataset test, Tensor images)
    {
        var net = new DeepBeliefNet(Pixels, rbm.Hidden, 500);
        net.Layers[0].LoadStateDict(rbm.StateDict());
        net.Fit(images, epochs: 5, (machine, _) => new RbmTrainer(machine) { Chains = 100, LearningRate = 0.1, Binarise = true }, first: 1, progress: (_, _, share) => trial.Progress("second machine", share));
        trial.Save("deep-belief-net", net);

        var few = train.Take(FewLabels); // the split left them in random order
        var pretrained = net.ToClassifier(Classes);
        Learn(trial, "1,000 labels, pretrained", pretrained, few, epochs: 40, rate: 1e-3);
        var random = new DeepBeliefNet(Pixels, rbm.Hidden, 500).ToClassifier(Classes);
        foreach (var layer in random.OfType<Linear>()) layer.Weight.CopyFrom(Initialise.XavierUniform(layer.Weight.Shape));
        Learn(trial, "1,000 labels, random start", random, few, epochs: 40, rate: 1e-3);
        trial.Figure("few_labels_pretrained", Accuracy(pretrained, test));
        trial.Figure("few_labels_random", Accuracy(random, test));
        trial.Figure("pretraining_gain", trial.Figures["few_labels_pretrained"] - trial.Figures["few_labels_random"]);

        var whole = net.ToClassifier(Classes);
        Learn(trial, "all labels, pretrained", whole, train, epochs: 6, rate: 3e-3);
        trial.Figure("dbn_accuracy", Accuracy(whole, test));
    }

    private static void Learn(Trial trial, string stage, Module net, Dataset data, int epochs, double rate)
    {
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net, rate)) { Schedule = share => 1 - share };
        trial.Fit(stage, trainer, data, epochs, batchSize: 100);
    }

    private static double Accuracy(Module net, Dataset test) => new Trainer(net, new CrossEntropyLoss(), new Adam(net)).Evaluate(test).Accuracy!.Value;

    /// <summary>Mean over samples [N, visible], in nats.</summary>
    internal static double LogLikelihood(RestrictedBoltzmannMachine rbm, Tensor samples, double logZ)
    {
        using var scope = new NoGrad();
        return -rbm.FreeEnergy(samples).Mean().Item() - logZ;
    }

    private static Tensor Features(BernoulliRbm rbm, Tensor images)
    {
        using var scope = new NoGrad();
        return rbm.Call(images);
    }

    private static (Tensor Images, Tensor Labels) Flat(Dataset data)
    {
        var batch = data.ToBatch();
        return (batch.Inputs.Reshape(-1, Pixels), batch.Targets);
    }

    /// <summary>Each pixel drawn once, the same whatever the seed of the trial.</summary>
    private static Tensor Binarised(Tensor images) => (Tensor.Uniform(images.Shape, generator: new Generator(0)) < images).Cast(DType.Float32);
}
