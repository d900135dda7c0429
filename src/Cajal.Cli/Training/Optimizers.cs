namespace Cajal.Cli;

/// <summary>Optimisers by name.</summary>
internal static class Optimizers
{
    private const double UsualMomentum = 0.9;

    internal static readonly string[] Names = ["adam", "adamw", "sgd", "rmsprop"];

    internal static Optimizer Create(RunPlan plan, Module net) => plan.Optimizer switch
    {
        "adamw" => new AdamW(net, plan.LearningRate, weightDecay: plan.WeightDecay),
        "sgd" => new Sgd(net, plan.LearningRate, momentum: UsualMomentum, weightDecay: plan.WeightDecay),
        "rmsprop" => new RmsProp(net, plan.LearningRate, weightDecay: plan.WeightDecay),
        _ => new Adam(net, plan.LearningRate, weightDecay: plan.WeightDecay),
    };
}
