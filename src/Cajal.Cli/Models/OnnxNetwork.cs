namespace Cajal.Cli;

/// <summary>ONNX models as networks that predict, with what is known about their inputs.</summary>
internal static class OnnxNetwork
{
    internal static bool IsOne(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidDataException">The file is damaged, or no model.</exception>
    /// <exception cref="OnnxUnsupportedException">It needs what Cajal does not have.</exception>
    internal static SavedModel Load(string path)
    {
        var model = OnnxModel.Load(path, new() { Trainable = false });
        var note = model.Notes.TryGetValue(TrainingNote.Key, out string? json) ? TrainingNote.Parse(json, path) : Guess(path, model);
        var table = model.Notes.TryGetValue(TrainingNote.TableKey, out string? columns) ? TablePreprocessor.FromJson(columns) : null;
        // Commands turn logits into probabilities; logarithms of probabilities are logits of them.
        Module net = model.EndsWith("Softmax") ? new Lambda(x => model.Call(x).Log()) : model;
        net.Eval();
        return new(path, net, note, table);
    }

    /// <summary>Writes a network with its notes.</summary>
    internal static void Save(ExportRequest request) =>
        OnnxExporter.Save(request.Model.Net, Tensor.Zeros([2, .. request.Shape]), request.Path, new() { Notes = NotesOf(request.Model) });

    /// <summary>What a network remembers, for its ONNX file.</summary>
    internal static Dictionary<string, string> NotesOf(SavedModel model)
    {
        var notes = new Dictionary<string, string>();
        if (model.Note is { } note) notes[TrainingNote.Key] = note.ToJson();
        if (model.Table is { } table) notes[TrainingNote.TableKey] = table.ToJson();
        return notes;
    }

    /// <summary>What a foreign model says: the axes of its only input, and one class for each number of its first output.</summary>
    private static TrainingNote? Guess(string path, OnnxModel model)
    {
        if (model.Inputs is not [{ Axes: { Count: > 1 } axes }] || model.Outputs is not [{ Axes: { Count: > 1 } outputs }, ..]) return null;
        if (axes.Skip(1).Any(axis => axis.Length is null) || outputs[^1].Length is not { } classes) return null;
        return new(Path.GetFileNameWithoutExtension(path), "onnx", 0, [.. axes.Skip(1).Select(axis => axis.Length!.Value)], [.. Enumerable.Range(0, classes).Select(number => $"{number}")]);
    }
}
