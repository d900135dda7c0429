namespace Cajal.Keras;

/// <summary>
/// Finds for each layer of a module the layer of Keras whose weights it takes: the first Linear the first Dense, the second the second, and likewise for every kind. The order of a kind is all
/// that every kind of Keras file tells.
/// </summary>
internal sealed class KerasMatching
{
    private readonly Dictionary<string, Queue<KerasUnit>> waiting;
    private readonly KerasFile file;
    private readonly List<(string Key, StateSource Source)> found = [];

    private KerasMatching(IEnumerable<KerasUnit> units, KerasFile file)
    {
        this.file = file;
        waiting = units.GroupBy(unit => unit.Kind).ToDictionary(group => group.Key, group => new Queue<KerasUnit>(group));
    }

    /// <summary>The sources for a module by its keys; what is left over comes under keys of its own.</summary>
    internal static IEnumerable<(string Key, StateSource Source)> Of(Module module, IEnumerable<KerasUnit> units, KerasFile file)
    {
        var matching = new KerasMatching(units, file);
        foreach (var (path, layer) in module.NamedModules()) matching.Take(path, layer);
        var rest = matching.waiting.Values.SelectMany(queue => queue).SelectMany(unit => file.Converted(unit).Select(weight => ($"{unit.Name}.{weight.Key}", weight.Source)));
        return matching.found.Concat(rest);
    }

    private void Take(string path, Module layer)
    {
        if (layer is RecurrentLayer recurrent)
        {
            string kind = (recurrent.Bidirectional ? "bidirectional_" : "") + (recurrent switch { LSTM => "lstm", GRU => "gru", _ => "simple_rnn" });
            for (int level = 0; level < recurrent.Layers; level++) Take(path, kind, key => key.Replace("_l0", $"_l{level}", StringComparison.Ordinal));
            return;
        }
        string? plain = layer switch
        {
            Linear => "dense",
            Conv1d => "conv1d",
            Conv2d => "conv2d",
            Conv3d => "conv3d",
            ConvTranspose1d => "conv1d_transpose",
            ConvTranspose2d => "conv2d_transpose",
            BatchNorm => "batch_normalization",
            LayerNorm => "layer_normalization",
            GroupNorm => "group_normalization",
            Embedding => "embedding",
            PReLU => "p_re_lu",
            _ => null,
        };
        if (plain is null) return;
        bool depthwise = layer is ConvolutionLayer { Groups: > 1 } convolution && convolution.Groups == convolution.InChannels && waiting.ContainsKey("depthwise_" + plain);
        if (!Take(path, depthwise ? "depthwise_" + plain : plain, key => key)) return;
        if (layer is BatchNorm norm) Complete(path, norm);
    }

    private bool Take(string path, string kind, Func<string, string> rename)
    {
        if (!waiting.TryGetValue(kind, out var queue) || !queue.TryDequeue(out var unit)) return false;
        foreach (var (key, source) in file.Converted(unit)) found.Add((Join(path, rename(key)), source));
        return true;
    }

    /// <summary>Keras does not count batches, and leaves out a scale or shift that is not learned.</summary>
    private void Complete(string path, BatchNorm norm)
    {
        Add("num_batches_tracked", norm.TrackRunningStats ? Tensor.Scalar(0L) : null);
        Add("weight", norm.Weight is { } weight ? Tensor.Ones(weight.Shape) : null);
        Add("bias", norm.Bias is { } bias ? Tensor.Zeros(bias.Shape) : null);

        void Add(string name, Tensor? value)
        {
            string key = Join(path, name);
            if (value is not null && !found.Exists(known => known.Key == key)) found.Add((key, new(value.Shape, value.DType, () => value)));
        }
    }

    /// <summary>
    /// The layers that read an image flattened by Keras, which puts channels last, [H, W, C], where this library flattens [C, H, W]: the first Linear behind a convolution that takes more numbers
    /// than it has channels. Given are their weights' keys with C.
    /// </summary>
    internal static Dictionary<string, int> Flattened(Module module)
    {
        var result = new Dictionary<string, int>();
        int channels = 0;
        foreach (var (path, layer) in module.NamedModules())
        {
            switch (layer)
            {
                case ConvolutionLayer convolution: channels = convolution.OutChannels; break;
                case TransposedConvolutionLayer convolution: channels = convolution.OutChannels; break;
                case RecurrentLayer or Embedding: channels = 0; break;
                case Linear linear:
                    int inputs = linear.Weight.Shape[1];
                    if (channels > 1 && inputs > channels && inputs % channels == 0) result[Join(path, "weight")] = channels;
                    channels = 0;
                    break;
                default: break;
            }
        }
        return result;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
