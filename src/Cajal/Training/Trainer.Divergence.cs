namespace Cajal;

public sealed partial class Trainer
{
    private const string Advice = "Try a smaller learning rate or clip the gradients.";

    private string Place => $"Epoch {position.Epochs + 1}, batch {position.Batches + 1}";

    /// <summary>Finds out why a loss is not finite: a sample, a weight, or the first layer that gives such a number.</summary>
    private DivergenceException LossDiverged(FitRun fit, Batch batch, GeneratorState drawn, double value)
    {
        if (BadSample(fit, batch, value) is { } sample) return sample;
        foreach (var (key, parameter) in fit.Parameters)
        {
            if (Finite.All(parameter)) continue;
            return new($"{Place}: training diverged, the loss is {value} because the step before made \"{key}\" NaN or infinite. {Advice} CheckGradients names the gradient before it does harm.");
        }
        string where = FirstBadLayer(batch, drawn) ?? "the loss";
        return new($"{Place}: training diverged, the loss is {value}; the first number that is not finite comes out of {where}. {Advice}");
    }

    /// <summary>Looks for NaN in the data of the batch, and names the sample.</summary>
    private DivergenceException? BadSample(FitRun fit, Batch batch, double value)
    {
        int row = Finite.FirstBadRow(batch.Inputs);
        bool input = row >= 0;
        if (!input) row = Finite.FirstBadRow(batch.Targets);
        if (row < 0) return null;
        var loader = fit.Context.Loader;
        int index = loader.SampleAt(new LoaderState(position.Seed!.Value, position.Epochs, position.Batches), row);
        var (root, number) = loader.Dataset.Trace(index);
        string name = root == loader.Dataset ? $"sample {index} of \"{root.Name}\"" : $"sample {index} of the training data (sample {number} of \"{root.Name}\")";
        var stored = loader.Dataset.GetBatch([index]);
        bool augmented = Finite.FirstBadRow(input ? stored.Inputs : stored.Targets) < 0;
        return new(augmented
            ? $"{Place}: the loss is {value} because the augmentation turned the {(input ? "input" : "target")} of {name}, which is finite, into NaN or infinity. Mend the transform."
            : $"{Place}: the loss is {value} because the {(input ? "input" : "target")} of {name} holds NaN or infinity. Clean the data, or fill in what is missing.");
    }

    /// <summary>Runs the batch again, with the same random numbers, and watches every layer.</summary>
    private string? FirstBadLayer(Batch batch, GeneratorState drawn)
    {
        string? found = null;
        var watches = net.Modules().Where(module => !module.Children().Any()).Select(module => module.OnForward((layer, _, output) =>
        {
            if (found is null && !Finite.All(output)) found = $"{layer.GetType().Name} \"{layer.Path}\"";
        })).ToArray();
        generator!.State = drawn;
        using (new NoGrad()) net.Call(batch.Inputs);
        foreach (var watch in watches) watch.Dispose();
        return found;
    }

    /// <summary>Looks at the gradients while the weights are still good.</summary>
    private void CheckFiniteGradients(FitRun fit)
    {
        foreach (var (key, parameter) in fit.Parameters)
        {
            if (parameter.Grad is not { } gradient || Finite.All(gradient)) continue;
            throw new DivergenceException($"{Place}: the gradient of \"{key}\" is NaN or infinite although the loss is finite; the weights are still those before this step. {Advice}");
        }
    }

    /// <summary>The last step of an epoch is followed by no loss that could tell.</summary>
    private void CheckWeights(FitRun fit)
    {
        foreach (var (key, parameter) in fit.Parameters)
        {
            if (!Finite.All(parameter))
                throw new DivergenceException($"Epoch {position.Epochs + 1}: training diverged, the last step made \"{key}\" NaN or infinite. {Advice} CheckGradients names the gradient before it does harm.");
        }
    }
}
