using System.Globalization;

namespace Cajal;

public sealed partial class Trainer
{
    /// <summary>Saves weights, optimiser, random numbers and position, so that <see cref="LoadCheckpoint"/> goes on bit for bit. Call it between epochs.</summary>
    public void SaveCheckpoint(string path)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (var (key, tensor) in net.StateDict()) tensors.Add(new("model." + key, tensor));
        foreach (var (key, tensor) in optimizer.StateDict()) tensors.Add(new("optimizer." + key, tensor));
        var state = generator?.State ?? default;
        Safetensors.Save(path, tensors,
        [
            new("cajal.checkpoint", string.Create(CultureInfo.InvariantCulture, $"{CompletedEpochs} {state.Seed} {state.Stream} {state.Position}")),
        ]);
    }

    /// <summary>Restores what <see cref="SaveCheckpoint"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint, or one of another network.</exception>
    public void LoadCheckpoint(string path)
    {
        using var file = Safetensors.Open(path);
        var fields = file.Metadata.GetValueOrDefault("cajal.checkpoint", "").Split(' ');
        if (fields.Length != 4 || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out int epochs)
            || !ulong.TryParse(fields[1], CultureInfo.InvariantCulture, out ulong seed) || !ulong.TryParse(fields[2], CultureInfo.InvariantCulture, out ulong stream)
            || !ulong.TryParse(fields[3], CultureInfo.InvariantCulture, out ulong position))
        {
            throw new InvalidDataException($"{path} is not a training checkpoint; use Module.Load for saved models.");
        }
        var all = file.ReadAll();
        net.LoadStateDict(all.Where(pair => pair.Key.StartsWith("model.", StringComparison.Ordinal)).Select(pair => new KeyValuePair<string, Tensor>(pair.Key["model.".Length..], pair.Value)));
        optimizer.LoadStateDict(all.Where(pair => pair.Key.StartsWith("optimizer.", StringComparison.Ordinal)).ToDictionary(pair => pair.Key["optimizer.".Length..], pair => pair.Value));
        generator = new Generator(seed, stream) { State = new(seed, stream, position) };
        CompletedEpochs = epochs;
    }
}
