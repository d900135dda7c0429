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
        Goal.AtLeast("shifted_gain", 0.10, "test accuracy from 100 labels, pretrained less from scratch; the labelled images shifted by up to 2 pixels, as the paper crops them", format: "0.0 %"),
        Goal.AtLeast("augmented_gain", 0.03, "the same where the labelled images, too, are turned, scaled, bent and cut as in pretraining", format: "0.0 %"),
        Goal.AtLeast("augmented_linear_accuracy", 0.90, "test accuracy of a linear layer on the pretrained features, from 100 labels changed so", format: "0.0 %"),
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

        // What may be done to the labelled images decides what a network from scratch is worth, so both are compared in three ways.
        Compare("plain_", new(trial, few));
        Compare("shifted_", new(trial, few, new RandomCrop(2)));
        var augmented = new LabelledTraining(trial, few, views);
        var fresh = Compare("augmented_", augmented);

        // Features of random weights are worth something too.
        trial.Figure("untrained_linear_accuracy", LabelledTraining.Accuracy(augmented.Linear(SimClr.SmallBackbone(features: features)), data.Test));
        trial.Figure("linear_gain", trial.Figures["augmented_linear_accuracy"] - trial.Figures["untrained_linear_accuracy"]);
        ContrastivePictures.Features(trial, data.Test, net.Backbone, fresh[0]);

        // The pretrained network beside the same one from random weights, which is returned.
        Sequential Compare(string way, LabelledTraining training)
        {
            var linear = training.Linear(net.Backbone);
            var tuned = training.Tune($"{way}fine-tuning".Replace('_', ' '), linear.Clone(), learningRate: 5e-4, epochs: trial.Quick ? 10 : 60);
            var scratch = new Sequential(SimClr.SmallBackbone(features: features), new Linear(features, data.Test.Classes!.Count));
            training.Tune($"{way}scratch".Replace('_', ' '), scratch, learningRate: 3e-3, epochs: trial.Quick ? 20 : 400);
            (string Name, Module Net)[] nets = [("linear", linear), ("tuned", tuned), ("scratch", scratch)];
            foreach (var (name, trained) in nets)
            {
                trial.Figure($"{way}{name}_accuracy", LabelledTraining.Accuracy(trained, data.Test));
                trial.Figure($"{way}{name}_val_accuracy", LabelledTraining.Accuracy(trained, data.Validation));
            }

            // Which of the two pretrained ones counts is decided on the validation images.
            bool tunedIsBetter = trial.Figures[$"{way}tuned_val_accuracy"] > trial.Figures[$"{way}linear_val_accuracy"];
            trial.Figure($"{way}gain", trial.Figures[$"{way}{(tunedIsBetter ? "tuned" : "linear")}_accuracy"] - trial.Figures[$"{way}scratch_accuracy"]);
            return scratch;
        }
    }
}
