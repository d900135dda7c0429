using System.Runtime.CompilerServices;

namespace Cajal;

public abstract partial class Module
{
    private const string DescriptionKey = "cajal.module", ReasonKey = "cajal.module.missing", TypeKey = "cajal.module.type";

    /// <summary>The constructor call that would make this module, with those of the modules it was given.</summary>
    /// <exception cref="NotSupportedException">A constructor argument cannot be described; the message says which.</exception>
    public ModuleDescription Describe() =>
        ModuleDescription.Of(this, out string? reason) ?? throw new NotSupportedException($"{GetType().Name} cannot be described because {reason}.");

    /// <summary>
    /// Saves weights, buffers and, where the constructor arguments can be described, the architecture to one safetensors file. The file is replaced only
    /// when the new one is complete.
    /// </summary>
    /// <param name="path">The file, by custom <c>*.safetensors</c>.</param>
    /// <param name="floats">A narrower type to store the weights in, such as <see cref="DType.BFloat16"/>.</param>
    /// <param name="notes">Texts to keep with the model, such as class names; read them with <see cref="Safetensors.Open(string)"/>.</param>
    /// <exception cref="ArgumentException">A note has a key under which the architecture is kept.</exception>
    public void Save(string path, DType? floats = null, IEnumerable<KeyValuePair<string, string>>? notes = null)
    {
        var metadata = new List<KeyValuePair<string, string>>(notes ?? []);
        if (metadata.Find(note => note.Key is DescriptionKey or ReasonKey or TypeKey).Key is { } taken)
            throw new ArgumentException($"Save: the key \"{taken}\" holds the architecture; choose another for the note.", nameof(notes));
        if (ModuleDescription.Of(this, out string? reason) is { } description) metadata.Add(new(DescriptionKey, description.ToJson()));
        else metadata.AddRange([new(TypeKey, GetType().Name), new(ReasonKey, reason!)]);

        // A shared tensor is stored once, under its first key; loading knows that one key is enough.
        var stored = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        Safetensors.Save(path, StateDict().Where(pair => stored.Add(pair.Value)).ToList(), metadata, floats);
    }

    /// <summary>Builds the module that <see cref="Save"/> wrote, and loads its weights.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or holds weights without an architecture; the message says what to do.</exception>
    public static Module Load(string path)
    {
        using var file = Safetensors.Open(path);
        if (!file.Metadata.TryGetValue(DescriptionKey, out string? json))
        {
            if (!file.Metadata.TryGetValue(ReasonKey, out string? reason))
                throw new InvalidDataException($"{path} holds weights but no architecture: construct the module and call LoadWeights(path).");
            string type = file.Metadata.GetValueOrDefault(TypeKey, "The module");
            throw new InvalidDataException($"{path}: {type} cannot be rebuilt from the file because {reason}: construct it and call LoadWeights(path).");
        }
        try
        {
            var module = ModuleDescription.Parse(json).Build();
            module.LoadState(file.SourcesFor(module, null), strict: true, keyMap: null, adoptDType: true);
            return module;
        }
        catch (StateDictException error)
        {
            throw new InvalidDataException($"{path} is damaged: its weights are not those of the network it describes ({LoadMessage.Counts(error.Report)}).", error);
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Builds the module that <see cref="Save"/> wrote, whose type is known.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or holds another type of module.</exception>
    public static T Load<T>(string path) where T : Module
    {
        // The assembly of T registers its modules when first used; this may be the first use.
        RuntimeHelpers.RunModuleConstructor(typeof(T).Module.ModuleHandle);
        var module = Load(path);
        return module as T ?? throw new InvalidDataException($"{path} holds a {module.GetType().Name}, not a {typeof(T).Name}.");
    }

    /// <summary>
    /// Loads weights from a file into this module, converting their dtype: safetensors, PyTorch (.pt, .pth), NumPy (.npz) or Keras (.h5, .keras), known by its content. Either everything fits
    /// and is loaded, or nothing is.
    /// </summary>
    /// <remarks>
    /// Of a checkpoint that holds several parts, such as <c>{"model": {...}, "optimizer": {...}}</c>, the only part that fits is taken. The weights of Keras are brought to this library's axes and
    /// gate orders, layer after layer of each kind; with a key map they come as <c>dense_1.weight</c> and so on.
    /// </remarks>
    /// <returns>Which keys were missing or not known.</returns>
    /// <exception cref="StateDictException">Something does not fit; the message lists the keys, and <see cref="LoadReport.Renames"/> may hold a key map that would help.</exception>
    /// <exception cref="InvalidDataException">The file is none of these, or is damaged.</exception>
    /// <inheritdoc cref="LoadStateDict"/>
    public LoadReport LoadWeights(string path, bool strict = true, Func<string, string?>? keyMap = null)
    {
        using var file = TensorFile.Open(path);
        return LoadWeights(file, strict, keyMap);
    }

    /// <summary>Loads weights from an open file.</summary>
    /// <inheritdoc cref="LoadWeights(string, bool, Func{string, string?}?)"/>
    public LoadReport LoadWeights(TensorFile file, bool strict = true, Func<string, string?>? keyMap = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var sources = file.SourcesFor(this, keyMap).ToList();
        if (keyMap is not null) return LoadState(sources, strict, null, adoptDType: false);
        string part = WeightsPart.Of(StateDict(), sources);
        var report = LoadState(part.Length == 0 ? sources : sources.Where(source => source.Key.StartsWith(part, StringComparison.Ordinal)).Select(source => (source.Key[part.Length..], source.Source)),
            strict, null, adoptDType: false);
        return report with { Part = part };
    }

    internal Module Duplicate()
    {
        if (ModuleDescription.Of(this, out string? reason) is not { } description)
            throw new NotSupportedException($"{GetType().Name} cannot be cloned because {reason}.");
        var copy = description.Build();
        copy.LoadState(StateDict().Select(pair => (pair.Key, new StateSource(pair.Value.Shape, pair.Value.DType, () => pair.Value))), true, null, adoptDType: true);
        foreach (var (own, other) in Parameters().Zip(copy.Parameters())) other.RequiresGrad = own.RequiresGrad;
        foreach (var (own, other) in Modules().Zip(copy.Modules())) other.IsTraining = own.IsTraining;
        return copy;
    }
}

/// <summary>Methods that keep the type of the module they are called on.</summary>
public static class ModuleExtensions
{
    extension<T>(T module) where T : Module
    {
        /// <summary>An independent module with the same architecture, values, mode and frozen parameters. Hooks and gradients are not copied.</summary>
        /// <exception cref="NotSupportedException">A constructor argument cannot be described; the message says which.</exception>
        public T Clone() => (T)module.Duplicate();
    }
}
