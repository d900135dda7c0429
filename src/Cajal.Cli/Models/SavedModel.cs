namespace Cajal.Cli;

/// <summary>A model read from a file, with what it remembers.</summary>
/// <param name="Path">The file.</param>
/// <param name="Net">The network, in evaluation mode.</param>
/// <param name="Note">What it was trained on; null if another program saved it.</param>
/// <param name="Table">How rows of text become its inputs; null for images.</param>
internal sealed record SavedModel(string Path, Module Net, TrainingNote? Note, TablePreprocessor? Table)
{
    /// <exception cref="InvalidDataException">It is no model that can be rebuilt; the message says what it is.</exception>
    internal static SavedModel Load(string path)
    {
        Files.Existing(path);
        if (OnnxNetwork.IsOne(path)) return OnnxNetwork.Load(path);
        TrainingNote? note;
        TablePreprocessor? table;
        using (var file = Safetensors.Open(path))
        {
            if (file.Metadata.ContainsKey("cajal.checkpoint"))
                throw new InvalidDataException($"{path} is a checkpoint of unfinished training: go on with cajal train ... --resume {CommandHint.Quote(path)}, or name the .safetensors file beside it.");
            note = file.Metadata.TryGetValue(TrainingNote.Key, out string? json) ? TrainingNote.Parse(json, path) : null;
            table = file.Metadata.TryGetValue(TrainingNote.TableKey, out string? columns) ? TablePreprocessor.FromJson(columns) : null;
        }
        var net = Module.Load(path);
        net.Eval();
        return new(path, net, note, table);
    }

    /// <summary>A network with everything needed to use it, as one file.</summary>
    internal static void Save(string path, Module net, TrainingNote note, TablePreprocessor? table)
    {
        var notes = new List<KeyValuePair<string, string>> { new(TrainingNote.Key, note.ToJson()) };
        if (table is not null) notes.Add(new(TrainingNote.TableKey, table.ToJson()));
        net.Save(path, notes: notes);
    }

    /// <summary>One name for each value the network gives.</summary>
    /// <exception cref="InvalidDataException">There are more or fewer.</exception>
    internal IReadOnlyList<string> Names(IReadOnlyList<string>? classes, int outputs) => classes?.Count == outputs
        ? classes
        : throw new InvalidDataException($"{Path} is damaged: it names {classes?.Count ?? 0} classes, but its network gives {outputs} values; train it again.");

    /// <summary>What it was trained on.</summary>
    /// <exception cref="InvalidDataException">Nobody wrote that down.</exception>
    internal TrainingNote Known =>
        Note ?? throw new InvalidDataException($"{Path} does not say what it was trained on; eval and predict need a file saved by cajal train.");
}
