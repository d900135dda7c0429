namespace Cajal;

public abstract partial class Module
{
    /// <summary>
    /// All parameters and saved buffers by key, in the order of declaration. These are the module's own tensors, not copies; a shared one stands under
    /// each of its keys.
    /// </summary>
    public OrderedDictionary<string, Tensor> StateDict()
    {
        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (path, member) in Gather())
        {
            if (member.State is not { } tensor) continue;
            if (!state.TryAdd(path, tensor))
                throw new InvalidOperationException($"{GetType().Name} has two tensors with the key \"{path}\": give one a [Key(\"...\")].");
        }
        return state;
    }

    /// <summary>Copies values into this module's parameters and buffers, converting their dtype. Either everything fits and is loaded, or nothing is.</summary>
    /// <param name="state">Tensors by key.</param>
    /// <param name="strict">Whether keys that are missing or not known are an error. A wrong shape always is.</param>
    /// <param name="keyMap">Turns a key of <paramref name="state"/> into one of this module, or into null to pass it over.</param>
    /// <returns>Which keys were missing or not known.</returns>
    /// <exception cref="StateDictException">Something does not fit; the message lists the keys.</exception>
    public LoadReport LoadStateDict(IEnumerable<KeyValuePair<string, Tensor>> state, bool strict = true, Func<string, string?>? keyMap = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        return LoadState(state.Select(pair => (pair.Key, new StateSource(pair.Value.Shape, pair.Value.DType, () => pair.Value))), strict, keyMap, adoptDType: false);
    }

    /// <param name="state">Where each key's values come from.</param>
    /// <param name="strict">Whether missing and unknown keys are an error.</param>
    /// <param name="keyMap">Renames keys.</param>
    /// <param name="adoptDType">Whether a module that was just built takes over Float32 or Float64 from its source.</param>
    internal LoadReport LoadState(IEnumerable<(string Key, StateSource Source)> state, bool strict, Func<string, string?>? keyMap, bool adoptDType)
    {
        var own = StateDict();
        var given = new Dictionary<string, StateSource>(StringComparer.Ordinal);
        foreach (var (key, source) in state)
        {
            if ((keyMap is null ? key : keyMap(key)) is not { } name) continue;
            if (!given.TryAdd(name, source)) throw new ArgumentException($"keyMap turns two keys into \"{name}\".", nameof(keyMap));
        }

        // A shared tensor needs only one of its keys.
        var found = new HashSet<Tensor>(own.Where(pair => given.ContainsKey(pair.Key)).Select(pair => pair.Value), ReferenceEqualityComparer.Instance);
        var report = new LoadReport(
            [.. own.Where(pair => !found.Contains(pair.Value)).Select(pair => pair.Key)],
            [.. given.Keys.Where(key => !own.ContainsKey(key))],
            [.. own.Where(pair => given.TryGetValue(pair.Key, out var source) && source.Shape != pair.Value.Shape).Select(pair => pair.Key)]);
        report = report with { Renames = LoadMessage.Renames(report, key => own[key].Shape, key => given[key].Shape) };
        if (report.Misshaped.Count > 0 || (strict && !report.IsComplete))
            throw new StateDictException(LoadMessage.Of(Label, report, key => own[key].Shape, key => given[key].Shape), report);

        foreach (var (key, tensor) in own)
        {
            if (!given.TryGetValue(key, out var source)) continue;
            if (adoptDType && tensor.DType.IsFloating && source.DType is (DType.Float32 or DType.Float64)) Convert(tensor, source.DType);
            tensor.CopyFrom(source.Read());
        }
        return report;
    }
}

/// <summary>The values of one key, read when they are needed.</summary>
internal readonly record struct StateSource(Shape Shape, DType DType, Func<Tensor> Read);
