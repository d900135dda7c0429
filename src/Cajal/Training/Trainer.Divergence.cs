namespace Cajal;

public sealed partial class Trainer
{
    private const string Advice = "Try a smaller learning rate or clip the gradients.";

    private string Place => $"Epoch {position.Epochs + 1}, batch {position.Batches + 1}";

    /// <summary>Finds out why a loss is not finite: a sample, a weight, or the first layer that gives such a number.</summary>
    private DivergenceException LossDiverged(FitRun fit, Batch batch, GeneratorState drawn, double value)
    {
        if (BadSample(fit, position.Batches) is { } cause) return new($"{Place}: the loss is {value} because {cause}");
        foreach (var (key, parameter) in fit.Parameters)
        {
            if (!Finite.All(parameter)) return Spoilt(fit, $"{Place}: training diverged, the loss is {value} because the step before", key, position.Batches - 1);
        }
        string where = FirstBadLayer(batch, drawn) ?? "the loss";
        return new($"{Place}: training diverged, the loss is {value}; the first number that is not finite comes out of {where}. {Advice}");
    }

    /// <summary>Looks at the gradients while the weights are still good.</summary>
    private void CheckFiniteGradients(FitRun fit)
    {
        foreach (var (key, parameter) in fit.Parameters)
        {
            if (parameter.GradInUse is not { } gradient || Finite.All(gradient)) continue;
            string cause = BadSampleOfGroup(fit, position.Batches) is { } sample ? $"because {sample}" : $"although the loss is finite; the weights are still those before this step. {Advice}";
            throw new DivergenceException($"{Place}: the gradient of \"{key}\" is NaN or infinite {cause}");
        }
    }

    /// <summary>The last step of an epoch is followed by no loss that could tell.</summary>
    private void CheckWeights(FitRun fit)
    {
        foreach (var (key, parameter) in fit.Parameters)
        {
            if (!Finite.All(parameter)) throw Spoilt(fit, $"Epoch {position.Epochs + 1}: training diverged, the last step", key, position.Batches - 1);
        }
    }

    /// <summary>A saturating layer hides an infinite input from the loss, but not from the gradient: so the data of the step that did it are looked at again.</summary>
    private DivergenceException Spoilt(FitRun fit, string step, string key, int last) => new(BadSampleOfGroup(fit, last) is { } sample
        ? $"{step} made \"{key}\" NaN or infinite because {sample}"
        : $"{step} made \"{key}\" NaN or infinite. {Advice} CheckGradients names the gradient before it does harm.");

    private string? BadSampleOfGroup(FitRun fit, int last)
    {
        for (int at = Math.Max(0, last) / position.Accumulate * position.Accumulate; at <= last; at++)
        {
            if (BadSample(fit, at) is { } sample) return sample;
        }
        return null;
    }

    /// <summary>Looks for NaN in the data of a batch of this epoch, and names the sample.</summary>
    private string? BadSample(FitRun fit, int batch)
    {
        var loader = fit.Context.Loader;
        var (values, indices) = loader.Again(new LoaderState(position.Seed!.Value, position.Epochs, batch));
        int row = Finite.FirstBadRow(values.Inputs);
        bool input = row >= 0;
        if (!input) row = Finite.FirstBadRow(values.Targets);
        if (row < 0) return null;
        var (root, number) = loader.Dataset.Trace(indices[row]);
        string name = root == loader.Dataset ? $"sample {number} of \"{root.Name}\"" : $"sample {indices[row]} of the training data (sample {number} of \"{root.Name}\")";
        string part = input ? "input" : "target";
        var stored = loader.Dataset.GetBatch([indices[row]]);
        bool augmented = Finite.FirstBadRow(input ? stored.Inputs : stored.Targets) < 0;
        return augmented
            ? $"the augmentation turned the {part} of {name}, which is finite, into NaN or infinity. Mend the transform."
            : $"the {part} of {name} holds NaN or infinity. Clean the data, or fill in what is missing.";
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
}
