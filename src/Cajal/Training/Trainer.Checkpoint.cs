namespace Cajal;

public sealed partial class Trainer
{
    private const string StateKey = "cajal.checkpoint", ChecksumKey = "cajal.checkpoint.checksum";
    private const string ModelPrefix = "model.", BufferPrefix = "buffer.", OptimizerPrefix = "optimizer.", GradientPrefix = "gradient.", MetricPrefix = "metric.", CallbackPrefix = "callback.";

    /// <summary>
    /// Saves everything training consists of, so that <see cref="LoadCheckpoint"/> in a new trainer goes on bit for bit, from any batch: weights and buffers, optimiser, gradients of a group
    /// under way, callbacks, random numbers, place in the data, sums of the epoch, history. Written atomically: what was at <paramref name="path"/> stays until the new file is complete.
    /// </summary>
    /// <remarks>Call it before or after a fit (also an interrupted one), from <see cref="EpochEnded"/>, or from a progress bar. A callback uses <see cref="TrainingContext.SaveCheckpoint"/>.</remarks>
    /// <exception cref="InvalidOperationException">It was called by a callback or from inside a batch.</exception>
    public void SaveCheckpoint(string path)
    {
        if (halfway) throw new InvalidOperationException("Trainer.SaveCheckpoint: a callback or a network cannot save in the middle of a batch or event; call SaveCheckpoint of the TrainingContext, which waits for its end.");
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (var (key, tensor) in OwnTensors()) tensors.Add(new(key, tensor));
        AddAll(OptimizerPrefix, optimizer.StateDict());
        if (position.InGroup)
        {
            foreach (var (key, parameter) in net.NamedParameters())
            {
                if (parameter.Grad is { } gradient) tensors.Add(new(GradientPrefix + key, gradient));
            }
        }
        if (position.Batches > 0)
        {
            for (int i = 0; i < metrics.Length; i++)
            {
                if (!incomplete[i] && metrics[i].SaveState() is { } state) tensors.Add(new($"{MetricPrefix}{i}", Tensor.From(state, state.Length)));
            }
        }
        for (int i = 0; i < Callbacks.Count; i++) AddAll($"{CallbackPrefix}{i}.", Callbacks[i].StateDict());
        var at = current is null ? position : position with { Elapsed = current.EpochElapsed };
        string description = new CheckpointState(at, optimizer.GetType().Name, generator?.State, stopReason, CallbackNames(), [.. Metrics.Select(metric => metric.Name)], completed).Write();
        Safetensors.Save(path, tensors, [new(StateKey, description), new(ChecksumKey, Checksum.Of(description, tensors))]);

        void AddAll(string prefix, IReadOnlyDictionary<string, Tensor> state)
        {
            foreach (var (key, tensor) in state) tensors.Add(new(prefix + key, tensor));
        }
    }

    /// <summary>Restores what <see cref="SaveCheckpoint"/> wrote. Either everything fits and is restored, or nothing is changed.</summary>
    /// <param name="path">A checkpoint of a trainer with the same network, the same kind of optimiser, and at least the same callbacks with a memory.</param>
    /// <exception cref="InvalidDataException">The file is damaged, no checkpoint, or one of another network, optimiser or set of callbacks; the message says which.</exception>
    public void LoadCheckpoint(string path)
    {
        if (current is not null) throw new InvalidOperationException("Trainer.LoadCheckpoint: this trainer is fitting; load before Fit.");
        var (state, tensors) = ReadCheckpoint(path);
        if (state.Optimizer != optimizer.GetType().Name)
            throw new InvalidDataException($"{path} was made with the optimiser {state.Optimizer}, but this trainer has {optimizer.GetType().Name}.");
        var own = OwnTensors();
        CheckModel(path, own, tensors);
        var gradients = Part(tensors, GradientPrefix);
        var parameters = net.NamedParameters().ToDictionary(named => named.Key, named => named.Value);
        foreach (var (key, gradient) in gradients)
        {
            if (!parameters.TryGetValue(key, out var parameter) || parameter.Shape != gradient.Shape || parameter.DType != gradient.DType || !parameter.RequiresGrad)
                throw new InvalidDataException($"{path} was made for another network: it has a gradient of \"{key}\" {gradient.Shape}, for which there is no trained parameter here.");
        }
        var sums = ReadSums(path, state, tensors);
        RestoreParts(path, state, tensors);

        // Nothing below can fail.
        foreach (var (key, tensor) in own) tensor.Detach().CopyFrom(tensors[key]);
        foreach (var parameter in parameters.Values.Where(parameter => parameter.RequiresGrad)) parameter.Grad = null;
        foreach (var (key, gradient) in gradients) parameters[key].Grad = gradient;
        position = state.Position;
        generator = state.Generator is { } random ? new Generator(random.Seed, random.Stream) { State = random } : null;
        completed.Clear();
        completed.AddRange(state.History);
        (stopReason, restoredStop) = (state.StopReason, state.StopReason is not null);
        metrics = [.. Metrics];
        ResetMetrics();
        if (position.Batches > 0) RestoreMetrics(sums);
    }

    private static (CheckpointState State, OrderedDictionary<string, Tensor> Tensors) ReadCheckpoint(string path)
    {
        using var file = Safetensors.Open(path);
        if (!file.Metadata.TryGetValue(StateKey, out string? description))
            throw new InvalidDataException($"{path} is not a training checkpoint; use Module.Load for saved models.");
        var tensors = file.ReadAll(asStored: true);
        if (file.Metadata.GetValueOrDefault(ChecksumKey) != Checksum.Of(description, tensors))
            throw new InvalidDataException($"{path} is a damaged checkpoint: its contents do not agree with its checksum. Use an earlier one.");
        return (CheckpointState.Parse(path, description), tensors);
    }

    /// <summary>Parameters and buffers, those that models do not save included, each once.</summary>
    private OrderedDictionary<string, Tensor> OwnTensors()
    {
        var own = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (key, tensor) in net.StateDict())
        {
            if (seen.Add(tensor)) own.Add(ModelPrefix + key, tensor);
        }
        foreach (var (key, tensor) in net.NamedBuffers())
        {
            if (seen.Add(tensor)) own.Add(BufferPrefix + key, tensor);
        }
        return own;
    }

    private static void CheckModel(string path, OrderedDictionary<string, Tensor> own, OrderedDictionary<string, Tensor> tensors)
    {
        foreach (var (key, tensor) in own)
        {
            string name = key[(key.IndexOf('.') + 1)..];
            if (!tensors.TryGetValue(key, out var saved)) throw new InvalidDataException($"{path} was made for another network: it has no \"{name}\", which is {tensor.Shape} here.");
            if (saved.Shape != tensor.Shape) throw new InvalidDataException($"{path} was made for another network: \"{name}\" is {saved.Shape} there, but {tensor.Shape} here.");
            if (saved.DType != tensor.DType) throw new InvalidDataException($"{path} was made for a network in {saved.DType}, but \"{name}\" is {tensor.DType} here. Convert the network with To first.");
        }
        foreach (var (key, saved) in tensors)
        {
            bool model = key.StartsWith(ModelPrefix, StringComparison.Ordinal) || key.StartsWith(BufferPrefix, StringComparison.Ordinal);
            if (model && !own.ContainsKey(key)) throw new InvalidDataException($"{path} was made for another network: it has \"{key[(key.IndexOf('.') + 1)..]}\" {saved.Shape}, which this one lacks.");
        }
    }

    /// <summary>Restores optimiser and callbacks; if one of them refuses, all get back what they had.</summary>
    private void RestoreParts(string path, CheckpointState state, OrderedDictionary<string, Tensor> tensors)
    {
        var chosen = MatchCallbacks(path, state, tensors);
        var before = (Optimizer: optimizer.StateDict(), Callbacks: Callbacks.Select(callback => callback.StateDict()).ToArray());
        try
        {
            // What the file says nothing about, such as momentum before the first step, must not survive.
            optimizer.Reset();
            optimizer.LoadStateDict(Part(tensors, OptimizerPrefix));
            foreach (var (callback, own) in chosen) callback.LoadStateDict(own);
        }
        catch (Exception error) when (error is ArgumentException or ShapeException or IndexOutOfRangeException)
        {
            optimizer.Reset();
            optimizer.LoadStateDict(before.Optimizer);
            for (int i = 0; i < Callbacks.Count; i++)
            {
                if (before.Callbacks[i].Count > 0) Callbacks[i].LoadStateDict(before.Callbacks[i]);
            }
            throw new InvalidDataException($"{path} does not fit this trainer: {error.Message}", error);
        }
    }

    /// <summary>Finds for each callback with a saved state the one here that is to take it: the next of its type.</summary>
    private List<(Callback Callback, Dictionary<string, Tensor> State)> MatchCallbacks(string path, CheckpointState state, OrderedDictionary<string, Tensor> tensors)
    {
        var matched = new List<(Callback, Dictionary<string, Tensor>)>();
        var free = Callbacks.ToList();
        for (int i = 0; i < state.Callbacks.Length; i++)
        {
            var own = Part(tensors, $"{CallbackPrefix}{i}.");
            int found = free.FindIndex(callback => callback.GetType().Name == state.Callbacks[i]);
            if (found < 0 && own.Count > 0)
                throw new InvalidDataException($"{path} holds the state of a callback {state.Callbacks[i]}, which this trainer lacks; give it the callbacks the training began with.");
            if (found < 0) continue;
            if (own.Count > 0) matched.Add((free[found], own));
            free.RemoveAt(found);
        }
        return matched;
    }

    /// <summary>The metrics' sums of the epoch under way; null for a metric that the checkpoint does not know.</summary>
    private double[]?[] ReadSums(string path, CheckpointState state, OrderedDictionary<string, Tensor> tensors)
    {
        var sums = new double[]?[Metrics.Count];
        for (int i = 0; i < sums.Length; i++)
        {
            int saved = Array.IndexOf(state.Metrics, Metrics[i].Name);
            if (saved < 0 || !tensors.TryGetValue($"{MetricPrefix}{saved}", out var tensor)) continue;
            sums[i] = tensor.ToArray<double>();
            try
            {
                Metrics[i].LoadState(sums[i]);
            }
            catch (Exception error) when (error is ArgumentException or IndexOutOfRangeException or NotSupportedException)
            {
                throw new InvalidDataException($"{path} does not fit the metric {Metrics[i].Name}: {error.Message}", error);
            }
        }
        return sums;
    }

    private string[] CallbackNames() => [.. Callbacks.Select(callback => callback.GetType().Name)];

    private static Dictionary<string, Tensor> Part(OrderedDictionary<string, Tensor> tensors, string prefix) =>
        tensors.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
}
