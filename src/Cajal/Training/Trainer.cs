using System.Diagnostics;

namespace Cajal;

/// <summary>
/// Fits a network to data: batches in a seeded order, progress, validation, divergence found and named, checkpoints that continue bit for bit.
/// </summary>
/// <param name="net">The network: inputs [N, ...] → predictions [N, ...].</param>
/// <param name="loss">What is minimised.</param>
/// <param name="optimizer">How; made for the parameters of <paramref name="net"/>.</param>
public sealed partial class Trainer(Module net, Loss loss, Optimizer optimizer)
{
    private const int EvaluationBatch = 256;

    private Generator? generator;

    /// <summary>Epochs finished so far, those before a resume included.</summary>
    public int CompletedEpochs { get; private set; }

    /// <summary>Rescales the gradients when their joint norm exceeds this; none by default.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The factor on the initial learning rate as a function of the share of training done, in [0, 1); constant by default.</summary>
    public Func<double, double>? Schedule { get; init; }

    /// <summary>Added to the loss at every step: a penalty such as <see cref="Penalty.Ridge"/>.</summary>
    public Func<Module, Tensor>? Regularizer { get; init; }

    /// <summary>Called after every epoch.</summary>
    public event Action<EpochResult>? EpochEnded;

    /// <summary>Trains until <paramref name="epochs"/> epochs are complete in all.</summary>
    /// <param name="train">The training data.</param>
    /// <param name="epochs">Passes over the data, those already completed included.</param>
    /// <param name="batchSize">Samples per step.</param>
    /// <param name="validation">Data to look at after every epoch; never trained on.</param>
    /// <param name="seed">Fixes order, augmentation and dropout: the same seed gives the same bits on any number of threads.</param>
    /// <param name="augment">A random change of every training batch.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops after the step under way.</param>
    /// <exception cref="DivergenceException">The loss is no longer a finite number.</exception>
    public History Fit(Dataset train, int epochs, int batchSize = 32, Dataset? validation = null, int seed = 0, Transform? augment = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        generator ??= new Generator((ulong)seed, stream: 1);
        using var scope = generator.Use();
        var loader = new DataLoader(train, batchSize, shuffle: true, seed: seed, transform: augment);
        var history = new List<EpochResult>();
        while (CompletedEpochs < epochs)
        {
            loader.Restore(new LoaderState(seed, CompletedEpochs, 0));
            var clock = Stopwatch.StartNew();
            if (RunEpoch(loader, train.Count, epochs, progress, cancellation) is not { } meanLoss) return new(history, Interrupted: true);
            CompletedEpochs++;
            var result = new EpochResult(CompletedEpochs, meanLoss, validation is null ? null : Evaluate(validation), optimizer.LearningRate, clock.Elapsed);
            history.Add(result);
            EpochEnded?.Invoke(result);
        }
        return new(history, Interrupted: false);
    }

    /// <summary>Measures the network on data, in evaluation mode, without recording.</summary>
    public Evaluation Evaluate(Dataset data)
    {
        using var scope = new NoGrad();
        net.Eval();
        double total = 0;
        var predicted = new List<double>(data.Count);
        var targets = new List<double>(data.Count);
        int classes = data.Classes?.Count ?? 0;
        foreach (var batch in new DataLoader(data, EvaluationBatch))
        {
            var output = net.Call(batch.Inputs);
            total += loss.Forward(output, batch.Targets).Item() * batch.Inputs.Dims[0];
            predicted.AddRange((data.Task == LearningTask.Classification ? output.ArgMax() : output).ToArray<double>());
            targets.AddRange(batch.Targets.ToArray<double>());
            classes = Math.Max(classes, output.Dims[^1]);
        }
        return data.Task == LearningTask.Classification
            ? Evaluation.OfClasses(total / data.Count, [.. predicted.Select(value => (long)value)], [.. targets.Select(value => (long)value)], classes)
            : Evaluation.OfNumbers(total / data.Count, [.. predicted], [.. targets]);
    }

    /// <summary>The network's outputs for inputs [N, ...], in evaluation mode, without recording.</summary>
    public Tensor Predict(Tensor inputs)
    {
        using var scope = new NoGrad();
        net.Eval();
        return net.Call(inputs);
    }

    private double? RunEpoch(DataLoader loader, int samples, int epochs, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        net.Train();
        double total = 0;
        int done = 0;
        foreach (var batch in loader)
        {
            if (cancellation.IsCancellationRequested) return null;
            ApplySchedule(epochs, (double)done / samples);
            optimizer.ZeroGrad();
            var value = loss.Forward(net.Call(batch.Inputs), batch.Targets);
            double number = value.Item();
            if (!double.IsFinite(number)) throw Diverged(batch, number);
            (Regularizer is null ? value : value + Regularizer(net)).Backward();
            if (ClipGradientNorm is { } limit) Gradients.ClipNorm(net.Parameters(), limit);
            optimizer.Step();
            int size = batch.Inputs.Dims[0];
            total += number * size;
            done += size;
            progress?.Report(new(CompletedEpochs + 1, epochs, done, samples, total / done));
        }
        return total / done;
    }

    private void ApplySchedule(int epochs, double epochShare)
    {
        if (Schedule is null) return;
        double factor = Schedule((CompletedEpochs + epochShare) / epochs);
        foreach (var group in optimizer.Groups) group.LearningRate = group.InitialLearningRate * factor;
    }

    /// <summary>Runs the batch again with every layer watched, to name the first whose output is not finite.</summary>
    private DivergenceException Diverged(Batch batch, double value)
    {
        if (!double.IsFinite(batch.Inputs.Detach().Cast(DType.Float64).Sum().Item()))
        {
            return new($"Epoch {CompletedEpochs + 1}: the loss is {value} because a batch of inputs holds NaN or infinity. Clean the data, or fill in what is missing.");
        }
        string where = "the loss";
        bool found = false;
        var watches = net.Modules().Where(module => !module.Children().Any()).Select(module => module.OnForward((layer, _, output) =>
        {
            if (found || double.IsFinite(output.Detach().Cast(DType.Float64).Sum().Item())) return;
            found = true;
            where = $"{layer.GetType().Name} \"{layer.Path}\"";
        })).ToArray();
        using (new NoGrad()) net.Call(batch.Inputs);
        foreach (var watch in watches) watch.Dispose();
        return new($"Epoch {CompletedEpochs + 1}: training diverged, the loss is {value}; the first number that is not finite comes out of {where}. Try a smaller learning rate or clip the gradients.");
    }
}
