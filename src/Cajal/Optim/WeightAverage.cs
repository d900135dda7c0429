namespace Cajal;

/// <summary>A running average of a network's parameters, usually better than the last of them. Buffers, such as running statistics, are the latest.</summary>
public abstract class WeightAverage
{
    private readonly Module module;
    private readonly (string Name, Tensor Current, Tensor Average)[] averages;

    private protected WeightAverage(Module module)
    {
        this.module = module;
        averages = [.. module.NamedParameters().Select(item => (item.Key, (Tensor)item.Value, item.Value.Detach().Clone()))];
    }

    /// <summary>How often the average was updated.</summary>
    public long Updates { get; private set; }

    /// <summary>Takes the present parameters into the average; call it after a step, or after an epoch.</summary>
    public void Update()
    {
        double share = NewShare(Updates);
        Updates++;
        using var scope = new NoGrad();
        foreach (var (_, current, average) in averages) average.CopyFrom(share == 1 ? current : average + (current - average) * share);
    }

    /// <summary>Puts the average into the network until the result is disposed: <c>using (average.Applied()) trainer.Evaluate(test);</c></summary>
    public IDisposable Applied()
    {
        var backup = Array.ConvertAll(averages, item => item.Current.Detach().Clone());
        CopyTo();
        return new Restore(() =>
        {
            using var scope = new NoGrad();
            for (int i = 0; i < backup.Length; i++) averages[i].Current.CopyFrom(backup[i]);
        });
    }

    /// <summary>Replaces the network's parameters by the average for good.</summary>
    public void CopyTo()
    {
        if (Updates == 0) throw new InvalidOperationException($"{GetType().Name}: there is no average yet; call Update() after a step.");
        using var scope = new NoGrad();
        foreach (var (_, current, average) in averages) current.CopyFrom(average);
    }

    /// <summary>
    /// Computes the running statistics of batch normalisation anew with the parameters as they are now, by one pass over <paramref name="data"/> in
    /// training mode: averaged weights do not fit statistics of the weights they were averaged from.
    /// </summary>
    public void UpdateStatistics(Dataset data, int batchSize = 256)
    {
        var layers = module.Modules().OfType<BatchNorm>().ToList();
        if (layers.Count == 0) return;
        bool wasTraining = module.IsTraining;
        foreach (var layer in layers) layer.BeginStatistics();
        module.Train();
        using (new NoGrad())
        {
            foreach (var batch in new DataLoader(data, batchSize)) module.Call(batch.Inputs);
        }
        foreach (var layer in layers) layer.EndStatistics();
        if (!wasTraining) module.Eval();
    }

    /// <summary>The average and its count, to go on from a checkpoint.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = averages.ToDictionary(item => $"average.{item.Name}", item => item.Average.Clone());
        state["updates"] = Tensor.Scalar(Updates);
        return state;
    }

    /// <summary>Restores what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">The state belongs to another network.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        if (!state.TryGetValue("updates", out var count)) throw new ArgumentException($"{GetType().Name}: the saved state has no entry \"updates\".");
        foreach (var (name, current, _) in averages)
        {
            if (!state.TryGetValue($"average.{name}", out var saved)) throw new ArgumentException($"{GetType().Name}: the saved state has no average of \"{name}\"; it belongs to another network.");
            if (saved.Shape != current.Shape) throw new ArgumentException($"{GetType().Name}: the saved average of \"{name}\" is {saved.Shape}, but the parameter is {current.Shape}.");
        }
        foreach (var (name, _, average) in averages) average.CopyFrom(state[$"average.{name}"].Cast(average.DType));
        Updates = (long)count.Item();
    }

    /// <summary>The weight of the newest parameters after so many updates.</summary>
    private protected abstract double NewShare(long updates);

    private sealed class Restore(Action action) : IDisposable
    {
        private Action? pending = action;

        public void Dispose() => Interlocked.Exchange(ref pending, null)?.Invoke();
    }
}

/// <summary>Exponential moving average: a ← d a + (1 - d) p (Polyak and Juditsky 1992 with forgetting).</summary>
/// <param name="module">The network.</param>
/// <param name="decay">d: the average reaches back about 1/(1 - d) updates.</param>
/// <param name="warmUp">Begin with a smaller d, (1 + t)/(10 + t), so that the first weights are soon forgotten.</param>
public sealed class ExponentialMovingAverage(Module module, double decay = 0.999, bool warmUp = true) : WeightAverage(module)
{
    private readonly double decay = decay is >= 0 and < 1 ? decay : throw new ArgumentOutOfRangeException(nameof(decay), decay, "ExponentialMovingAverage: the decay must lie in [0, 1).");

    private protected override double NewShare(long updates) => updates == 0 ? 1 : 1 - (warmUp ? Math.Min(decay, (1.0 + updates) / (10 + updates)) : decay);
}

/// <summary>The plain mean of all parameters taken (stochastic weight averaging, Izmailov et al. 2018): update once an epoch, at a high learning rate.</summary>
/// <param name="module">The network.</param>
public sealed class StochasticWeightAverage(Module module) : WeightAverage(module)
{
    private protected override double NewShare(long updates) => 1.0 / (updates + 1);
}
