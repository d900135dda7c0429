using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Learning to see without labels, and what ten labels per class are worth then.</summary>
public sealed class ContrastiveExperiment : Experiment
{
    private const int LabelsPerClass = 10;

    /// <inheritdoc/>
    public override string Name => "contrastive";

    /// <inheritdoc/>
    public override string Summary => "SimCLR: a network that has learnt without labels, then from 100 labels, against the same network from scratch";

    /// <inheritdoc/>
    public override string Source => "Chen, Kornblith, Norouzi and Hinton 2020 (SimCLR)";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("gain", 0.10, "test accuracy from 100 labels, pretrained less from scratch, with the same augmentation", format: "0.0 %"),
        Goal.AtLeast("linear_accuracy", 0.90, "test accuracy of a linear layer on the pretrained features, from 100 labels", format: "0.0 %"),
        Goal.AtLeast("linear_gain", 0.10, "the same less that on features of random weights", quick: 0.03, format: "0.0 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        var data = ImageSplit.Mnist(trial);
        var few = FewLabels.PerClass(data.Train, LabelsPerClass, trial.Seed);
        trial.Note($"labels: {few.Count}, {LabelsPerClass} of each class; the other images are seen without theirs");
        int features = trial.Quick ? 32 : 64;
        // Each change for some of the images only, so that plain ones, as they are tested, are not strange.
        var views = new Compose(
            new RandomApply(new RandomAffine(degrees: 25, scale: 0.25, shift: 0.1), 0.8), new RandomApply(new ElasticDeformation(alpha: 30, sigma: 4), 0.5), new RandomApply(new Cutout(side: 10), 0.5));
        ContrastivePictures.Views(trial, data.Train, views);

        var net = SimClr.Small(features: features);
        var pretraining = new Pretraining(trial, views);
        trial.Figure("untrained_matched_views", pretraining.MatchedViews(net, data.Test));
        double[] losses = pretraining.Fit(net, data.Train, epochs: trial.Quick ? 6 : 10);
        ContrastivePictures.Curve(trial, losses);
        trial.Save("simclr", net);
        trial.Figure("matched_views", pretraining.MatchedViews(net, data.Test));

        var labelled = new LabelledTraining(trial, few, views);
        var linear = labelled.Linear(net.Backbone);
        trial.Figure("linear_accuracy", LabelledTraining.Accuracy(linear, data.Test));
        trial.Figure("linear_val_accuracy", LabelledTraining.Accuracy(linear, data.Validation));

        // Features of random weights are worth something too.
        trial.Figure("untrained_linear_accuracy", LabelledTraining.Accuracy(labelled.Linear(SimClr.SmallBackbone(features: features)), data.Test));
        trial.Figure("linear_gain", trial.Figures["linear_accuracy"] - trial.Figures["untrained_linear_accuracy"]);

        var tuned = labelled.Tune("fine-tuning", linear.Clone(), learningRate: 5e-4, epochs: trial.Quick ? 10 : 60);
        trial.Figure("tuned_accuracy", LabelledTraining.Accuracy(tuned, data.Test));
        trial.Figure("tuned_val_accuracy", LabelledTraining.Accuracy(tuned, data.Validation));

        var fresh = Fresh("scratch", labelled);
        Fresh("plain_scratch", new LabelledTraining(trial, few));

        // Which of the two pretrained ones counts is decided on the validation images.
        bool tunedIsBetter = trial.Figures["tuned_val_accuracy"] > trial.Figures["linear_val_accuracy"];
        trial.Figure("gain", trial.Figures[tunedIsBetter ? "tuned_accuracy" : "linear_accuracy"] - trial.Figures["scratch_accuracy"]);
        ContrastivePictures.Features(trial, data.Test, net.Backbone, fresh[0]);

        // The same network without pretraining.
        Sequential Fresh(string name, LabelledTraining training)
        {
            var fresh = new Sequential(SimClr.SmallBackbone(features: features), new Linear(features, data.Test.Classes!.Count));
            training.Tune(name.Replace('_', ' '), fresh, learningRate: 3e-3, epochs: trial.Quick ? 20 : 150);
            trial.Figure($"{name}_accuracy", LabelledTraining.Accuracy(fresh, data.Test));
            trial.Figure($"{name}_val_accuracy", LabelledTraining.Accuracy(fresh, data.Validation));
            return fresh;
        }
    }
}
