using System.Diagnostics.CodeAnalysis;
using System.Text;
using Cajal.Hdf5;
using Cajal.Keras;

namespace Cajal;

/// <summary>
/// An open HDF5 file of Keras 2 or 3 (<c>.h5</c>, <c>.weights.h5</c>), a <c>.keras</c> archive, or any HDF5 file of arrays. Entries are the datasets as they lie in the file; a module is given their
/// weights under its own keys and with its own axes.
/// </summary>
internal sealed class KerasFile : TensorFile
{
    /// <summary>The weights in a <c>.keras</c> archive.</summary>
    internal const string WeightsItem = "model.weights.h5";

    private const string ConfigItem = "config.json", FactsItem = "metadata.json";
    private const int Deepest = 32, MostEntries = 100_000, LongestConfig = 64 << 20;

    private readonly OrderedDictionary<string, KerasEntry> entries = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly FileBytes inner;
    private readonly List<KerasUnit> units = [];
    private readonly KerasConfig? config;

    internal KerasFile(FileBytes bytes, ZipDirectory? zip = null) : base(bytes)
    {
        inner = zip is null ? bytes : Inside(bytes, zip);
        var file = new Hdf5File(inner);
        var root = file.Root;
        Add(root, "", 0, file);
        if (zip is not null)
        {
            Note("config", Text(zip, ConfigItem));
            Note("facts", Text(zip, FactsItem));
        }
        else
        {
            foreach (string name in (string[])["keras_version", "backend", "model_config"]) Note(name, root.Texts(name) is [var text] ? text : null);
        }
        config = KerasConfig.Parse(metadata.GetValueOrDefault("config") ?? metadata.GetValueOrDefault("model_config"));
        units = [.. Layers(root).SelectMany(KerasConversion.Split)];
    }

    public override string Format => units.Count > 0 ? "Keras" : "HDF5";

    public override IReadOnlyDictionary<string, string> Metadata => metadata;

    public override IReadOnlyCollection<TensorEntry> Entries => entries.Values;

    public override bool TryGetEntry(string key, [NotNullWhen(true)] out TensorEntry? entry)
    {
        bool known = entries.TryGetValue(key, out var found);
        entry = found;
        return known;
    }

    public override IReadOnlyCollection<TensorEntry> StateEntries =>
        units.Count == 0 ? Entries : [.. State().Select(weight => new TensorEntry(weight.Key, StoredTypes.NameOf(weight.Source.DType), weight.Source.Shape, weight.Source.Shape.Aggregate((long)weight.Source.DType.Size, (product, length) => product * length)))];

    public override Tensor ReadState(string key, bool asStored = false)
    {
        if (units.Count == 0) return Read(key, asStored);
        var weights = State().Where(weight => weight.Key == key).ToArray();
        return weights.Length > 0 ? weights[0].Source.Read() : throw new KeyNotFoundException($"{FileName} has no tensor \"{key}\"{DidYouMean.Hint(key, State().Select(weight => weight.Key))}");
    }

    /// <summary>The weights of a layer by their keys below a module, with its axes.</summary>
    internal IEnumerable<(string Key, StateSource Source)> Converted(KerasUnit unit) =>
        Guarded(unit, () => KerasConversion.Of(unit, key => Read(key), FileName).Select(weight => (weight.Key, weight.Source with { Read = () => Guarded(unit, weight.Source.Read) })).ToList());

    internal override IEnumerable<(string Key, StateSource Source)> SourcesFor(Module module, Func<string, string?>? keyMap)
    {
        if (units.Count == 0) return base.SourcesFor(module, keyMap);
        var sources = keyMap is null ? Unique(KerasMatching.Of(module, units, this)) : Mapped(State(), keyMap);
        var flattened = config is { ChannelsFirst: true } ? [] : KerasMatching.Flattened(module);
        return sources.Select(weight => flattened.TryGetValue(weight.Key, out int channels) && weight.Source.Shape.Rank == 2 && weight.Source.Shape[1] % channels == 0
            ? (weight.Key, weight.Source with { Read = () => ChannelsFirst(weight.Source.Read(), channels) })
            : weight);
    }

    /// <summary>All weights by the names of their layers, with the axes of this library.</summary>
    private IEnumerable<(string Key, StateSource Source)> State() => units.SelectMany(unit => Converted(unit).Select(weight => ($"{unit.Name}.{weight.Key}", weight.Source)));

    private protected override Tensor ReadEntry(TensorEntry entry, DType type)
    {
        var data = ((KerasEntry)entry).Data;
        // Packed numbers are unpacked whole; others are read in pieces.
        byte[]? all = data.TryReadPart(0, []) ? null : data.ReadAll();
        var tensor = Tensor.Uninitialised(data.Shape, type);
        Fill(entry.StoredType, tensor, (skip, target) =>
        {
            if (all is null) data.TryReadPart(skip, target);
            else all.AsSpan((int)skip, target.Length).CopyTo(target);
        });
        return tensor;
    }

    private protected override void ReadBytes(TensorEntry entry, long skip, Span<byte> target) => ((KerasEntry)entry).Data.TryReadPart(skip, target);

    private protected override void Close()
    {
        if (inner != Bytes) inner.Dispose();
    }

    /// <summary>Converts weights; if their shapes are not those of such a layer, the file is to blame.</summary>
    private T Guarded<T>(KerasUnit unit, Func<T> convert)
    {
        try
        {
            return convert();
        }
        catch (Exception error) when (error is ShapeException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"{FileName}: the weights of \"{unit.Name}\" are not those of a {unit.Kind} layer ({error.Message})", error);
        }
    }

    private IEnumerable<(string Key, StateSource Source)> Unique(IEnumerable<(string Key, StateSource Source)> sources)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            if (!taken.Add(source.Key)) throw new InvalidDataException($"{FileName} is damaged: two of its weights would be \"{source.Key}\".");
            yield return source;
        }
    }

    private static IEnumerable<(string Key, StateSource Source)> Mapped(IEnumerable<(string Key, StateSource Source)> sources, Func<string, string?> keyMap)
    {
        foreach (var (key, source) in sources)
        {
            if (keyMap(key) is { } wanted) yield return (wanted, source);
        }
    }

    /// <summary>Columns [H W C] of a weight to [C H W].</summary>
    private static Tensor ChannelsFirst(Tensor weight, int channels)
    {
        int rows = weight.Shape[0], columns = weight.Shape[1];
        return weight.Reshape(rows, columns / channels, channels).Transpose(1, 2).Reshape(rows, columns);
    }

    private List<KerasUnit> Layers(Hdf5Object root)
    {
        var known = entries.ToDictionary(entry => entry.Key, entry => (TensorEntry)entry.Value);
        if (KerasLayers.Listed(root, "", known, config) is { } listed) return listed;
        var members = root.Open();
        if (members.TryGetValue("model_weights", out var open) && KerasLayers.Listed(open(), "model_weights/", known, config) is { } whole) return whole;
        return KerasLayers.Numbered(known, path => Follow(root, $"{path}/vars")?.Texts("name") is [var name] ? name : null, config);
    }

    private static Hdf5Object? Follow(Hdf5Object from, string path)
    {
        var at = from;
        foreach (string part in path.Split('/'))
        {
            if (!at.Open().TryGetValue(part, out var next)) return null;
            at = next();
        }
        return at;
    }

    private void Add(Hdf5Object group, string path, int depth, Hdf5File file)
    {
        if (depth > Deepest) throw file.Bad("its groups are nested deeper than any should be");
        foreach (var (name, open) in group.Open())
        {
            string full = path.Length == 0 ? name : $"{path}/{name}";
            var member = open();
            if (!member.IsDataset)
            {
                Add(member, full, depth + 1, file);
                continue;
            }
            if (entries.Count == MostEntries) throw file.Bad($"it holds more than {MostEntries:N0} arrays");
            var data = member.Dataset();
            string? type = data.Type.Kind switch
            {
                Hdf5Kind.Number => data.Type.StoredType,
                Hdf5Kind.Opaque when data.Type.Size == 2 && member.Texts("dtype") is ["bfloat16"] => "BF16",
                _ => null,
            };
            if (type is not null && !entries.TryAdd(full, new(full, type, data))) throw file.Bad($"it holds two arrays called \"{full}\"");
        }
    }

    private static FileBytes Inside(FileBytes bytes, ZipDirectory zip)
    {
        var item = zip.Items[WeightsItem];
        return item.IsPacked ? new(new MemoryStream(zip.ReadWhole(item, Array.MaxLength)), bytes.Name) : new(zip.Open(item), bytes.Name);
    }

    private static string? Text(ZipDirectory zip, string name) => zip.Items.TryGetValue(name, out var item) ? Encoding.UTF8.GetString(zip.ReadWhole(item, LongestConfig)) : null;

    private void Note(string key, string? text)
    {
        if (text is not null) metadata[key] = text;
    }

    private sealed record KerasEntry(string Name, string Type, Hdf5Dataset Data) : TensorEntry(Name, Type, new Shape(Data.Shape), Data.Bytes);
}
