using System.Globalization;
using System.Numerics;

namespace Cajal.Pickle;

/// <summary>
/// Lays out what a file of PyTorch holds as tensors by key: a state dict, a checkpoint with state dicts inside it (<c>model.fc.weight</c>), or a whole pickled module, whose parameters and
/// buffers are found without the module's code.
/// </summary>
internal sealed class TorchTree
{
    private const int Deepest = 64, MostNames = 1_000_000, LongestText = 10_000;

    private readonly string file;
    private readonly HashSet<object> above = new(ReferenceEqualityComparer.Instance);
    private int visited;

    private TorchTree(string file) => this.file = file;

    internal OrderedDictionary<string, TorchTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Numbers and short texts by key.</summary>
    internal OrderedDictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);

    internal static TorchTree Of(object? root, string file)
    {
        var tree = new TorchTree(file);
        tree.Visit(root, "", 0);
        return tree;
    }

    private void Visit(object? value, string path, int depth)
    {
        if (++visited > MostNames) throw new InvalidDataException($"{file} holds more than {MostNames:N0} values; that is no file of weights.");
        switch (value)
        {
            case TorchTensor tensor:
                if (!Tensors.TryAdd(path.Length == 0 ? "tensor" : path, tensor)) throw new InvalidDataException($"{file} holds two tensors called \"{path}\".");
                break;
            case bool or long or double or BigInteger or string: Note(path, value); break;
            case PickleDict dict: Inside(dict, depth, () => VisitItems(dict, path, depth)); break;
            case PickleList list: Inside(list, depth, () => VisitList(list.Items, path, depth)); break;
            case PickleTuple tuple: Inside(tuple, depth, () => VisitList(tuple.Items, path, depth)); break;
            case PickleObject made: Inside(made, depth, () => VisitObject(made, path, depth)); break;
            default: break;
        }
    }

    private void VisitItems(PickleDict dict, string path, int depth)
    {
        foreach (var (key, value) in dict.Items)
        {
            if (key is string or long) Visit(value, Join(path, string.Create(CultureInfo.InvariantCulture, $"{key}")), depth + 1);
        }
    }

    /// <summary>Of a list only what can hold tensors is of interest; a thousand numbers are no notes.</summary>
    private void VisitList(IReadOnlyList<object?> items, string path, int depth)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i] is TorchTensor or PickleDict or PickleList or PickleTuple or PickleObject) Visit(items[i], Join(path, i.ToString(CultureInfo.InvariantCulture)), depth + 1);
        }
    }

    private void VisitObject(PickleObject made, string path, int depth)
    {
        var attributes = made.State switch { PickleDict dict => dict, PickleTuple { Items: [PickleDict dict, ..] } => dict, _ => null };
        if (attributes is not null && attributes.Has("_parameters") && attributes.Has("_modules"))
        {
            object?[] unsaved = attributes["_non_persistent_buffers_set"] is PickleList list ? [.. list.Items] : [];
            foreach (string group in (string[])["_parameters", "_buffers", "_modules"])
            {
                if (attributes[group] is not PickleDict members) continue;
                foreach (var (key, value) in members.Items)
                {
                    if (key is string name && !(group == "_buffers" && unsaved.Contains(name))) Visit(value, Join(path, name), depth + 1);
                }
            }
            return;
        }
        int before = Tensors.Count;
        if (attributes is not null) VisitItems(attributes, path, depth);
        VisitItems(made.Items, path, depth);
        if (Tensors.Count == before) Note(path, $"a {made.Type.FullName}, which was not run");
    }

    /// <summary>Steps into a container, unless it is inside itself.</summary>
    private void Inside(object container, int depth, Action visit)
    {
        if (depth > Deepest || !above.Add(container)) return;
        visit();
        above.Remove(container);
    }

    private void Note(string path, object value)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{value}");
        if (text.Length <= LongestText) Notes.TryAdd(path, text);
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
