using System.Text.RegularExpressions;
using Cajal.Hdf5;

namespace Cajal.Keras;

/// <summary>
/// Finds layers and their weights in the two layouts of Keras. Keras 2 lists <c>layer_names</c> and, for each, <c>weight_names</c>; Keras 3 has a folder <c>vars</c> per layer whose weights are numbered,
/// below folders called after the layers' classes.
/// </summary>
internal static partial class KerasLayers
{
    /// <summary>Attributes longer than HDF5 allows are cut into <c>NAME0</c>, <c>NAME1</c> and so on.</summary>
    private const int MostParts = 10_000;

    /// <summary>Keras 2; null where the file is none.</summary>
    internal static List<KerasUnit>? Listed(Hdf5Object group, string path, IReadOnlyDictionary<string, TensorEntry> entries, KerasConfig? config)
    {
        if (Names(group, "layer_names") is not { } layers) return null;
        var members = group.Open();
        var units = new List<KerasUnit>();
        foreach (string layer in layers)
        {
            if (!members.TryGetValue(layer, out var open) || Names(open(), "weight_names") is not { Count: > 0 } names) continue;
            var parts = new OrderedDictionary<string, Dictionary<string, TensorEntry>>(StringComparer.Ordinal);
            foreach (string name in names)
            {
                if (!entries.TryGetValue($"{path}{layer}/{name}", out var entry)) continue;
                string part = PartOf(name), role = name[(name.LastIndexOf('/') + 1)..].Split(':')[0];
                if (!parts.TryGetValue(part, out var weights)) parts.Add(part, weights = []);
                weights.TryAdd(name.Contains("/backward_", StringComparison.Ordinal) ? $"backward/{role}" : role, entry);
            }
            foreach (var (part, weights) in parts)
            {
                // A layer that is a model itself holds the weights of several.
                string own = parts.Count == 1 ? layer : part[(part.LastIndexOf('/') + 1)..];
                string kind = config?.KindOf(own) is { } known && KerasUnit.IsKnown(known) ? known : KerasUnit.KindOf(own, weights);
                units.Add(Unit(parts.Count == 1 ? layer : $"{layer}.{own}", kind, weights, config, own));
            }
        }
        return units;
    }

    /// <summary>Keras 3.</summary>
    internal static List<KerasUnit> Numbered(IReadOnlyDictionary<string, TensorEntry> entries, Func<string, string?> ownName, KerasConfig? config)
    {
        var folders = new Dictionary<string, SortedList<int, TensorEntry>>();
        foreach (var (path, entry) in entries)
        {
            int at = path.LastIndexOf("/vars/", StringComparison.Ordinal);
            if (at < 0 || path.StartsWith("optimizer/", StringComparison.Ordinal) || path.Contains("seed_generator", StringComparison.Ordinal)) continue;
            if (!int.TryParse(path.AsSpan(at + 6), out int number)) continue;
            string folder = path[..at];
            if (!folders.TryGetValue(folder, out var numbered)) folders[folder] = numbered = [];
            numbered.TryAdd(number, entry);
        }
        var layers = new Dictionary<string, (string Kind, Dictionary<string, TensorEntry> Weights)>();
        foreach (var (folder, numbered) in folders)
        {
            var (layer, direction) = LayerOf(folder);
            string own = WithoutNumber(layer[(layer.LastIndexOf('/') + 1)..]), kind = own;
            if (kind == "bidirectional") kind = numbered.Count > 1 ? KerasUnit.RecurrentKind(numbered.Values[1]) : "other";
            if (KerasUnit.RolesOf(kind, numbered.Count) is not { } roles) (kind, own, roles) = ("other", "other", [.. numbered.Keys.Select(number => $"{number}")]);
            if (!layers.TryGetValue(layer, out var known)) layers[layer] = known = (own == "bidirectional" ? $"bidirectional_{kind}" : kind, []);
            foreach (var (role, entry) in roles.Zip(numbered.Values)) known.Weights.TryAdd(direction + role, entry);
        }
        // The folders of one kind are numbered; the order of kinds among each other is in none but the configuration, and matters to nobody.
        return [.. layers.OrderBy(layer => layer.Key, NaturalOrder.Instance).Select(layer =>
            Unit(layer.Key[(layer.Key.StartsWith("layers/", StringComparison.Ordinal) ? "layers/".Length : 0)..].Replace("/layers/", ".", StringComparison.Ordinal).Replace('/', '.'),
                layer.Value.Kind, layer.Value.Weights, config, ownName(layer.Key)))];
    }

    private static KerasUnit Unit(string name, string kind, Dictionary<string, TensorEntry> weights, KerasConfig? config, string? configName = null) =>
        new(name, kind == "bidirectional" ? KerasUnit.KindOf(name, weights) : kind, weights) { ResetAfter = config?.ResetAfter(configName ?? name) };

    /// <summary>The layer that a weight belongs to, by its name: <c>lstm/lstm_cell/kernel:0</c> and <c>bidirectional/forward_lstm/lstm_cell/kernel:0</c> belong to the outermost.</summary>
    private static string PartOf(string name)
    {
        var parts = name.Split('/')[..^1].TakeWhile(part => !part.StartsWith("forward_", StringComparison.Ordinal) && !part.StartsWith("backward_", StringComparison.Ordinal));
        return string.Join('/', parts.Where(part => !WithoutNumber(part).EndsWith("_cell", StringComparison.Ordinal)));
    }

    /// <summary>A cell or a direction belongs to the layer around it.</summary>
    private static (string Layer, string Direction) LayerOf(string folder)
    {
        string direction = "";
        string[] parts = folder.Split('/');
        int end = parts.Length;
        while (end > 1 && parts[end - 1] is "cell" or "forward_layer" or "backward_layer")
        {
            if (parts[end - 1] == "backward_layer") direction = "backward/";
            end--;
        }
        return (string.Join('/', parts[..end]), direction);
    }

    private static string WithoutNumber(string name) => Number().Replace(name, "");

    private static List<string>? Names(Hdf5Object group, string attribute)
    {
        if (group.Texts(attribute) is { } whole) return [.. whole];
        if (group.Texts(attribute + "0") is not { } first) return null;
        var all = new List<string>(first);
        for (int part = 1; part < MostParts && group.Texts($"{attribute}{part}") is { } next; part++) all.AddRange(next);
        return all;
    }

    [GeneratedRegex("_[0-9]+$")]
    private static partial Regex Number();

    /// <summary>Text by text, but runs of digits as numbers: <c>dense_2</c> before <c>dense_10</c>.</summary>
    private sealed class NaturalOrder : IComparer<string>
    {
        internal static readonly NaturalOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            (x, y) = (x ?? "", y ?? "");
            string left = WithoutNumber(x), right = WithoutNumber(y);
            int byName = string.CompareOrdinal(left, right);
            return byName != 0 ? byName : Index(x, left).CompareTo(Index(y, right));
        }

        private static int Index(string name, string stem) => name.Length > stem.Length && int.TryParse(name.AsSpan(stem.Length + 1), out int index) ? index : 0;
    }
}
