using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Makes a model of a file: what its graphs share while they are built.</summary>
/// <param name="source">How messages call the file.</param>
/// <param name="folder">Where external data may lie; null for nowhere.</param>
/// <param name="options">Limits.</param>
internal sealed class ModelBuilder(string source, string? folder, OnnxOptions options)
{
    /// <summary>The newest version of ONNX's default domain whose operators Cajal knows.</summary>
    internal const int NewestOpset = 26;

    private const int DeepestCalls = 64;

    private readonly TensorReader reader = new(source, new(source, folder, options.LargestFile));
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> functions = [];
    private readonly HashSet<string> frozen = new(StringComparer.Ordinal);
    private int nodes, calls;

    internal StringTable Texts { get; } = new();

    /// <summary>The tensors of the main graph that are trained or belong to its state, by name.</summary>
    internal OrderedDictionary<string, Tensor> State { get; } = new(StringComparer.Ordinal);

    internal InvalidDataException Bad(string why) => new($"{source}: {why}");

    internal OnnxUnsupportedException Unsupported(string what) => new($"{source}: {what}");

    internal OnnxTensor Read(TensorProto tensor, string what) => reader.Read(tensor, what, Texts);

    internal int[] Dims(IReadOnlyList<long> lengths, string what) => reader.Dims(lengths, what);

    internal FunctionProto? Function(string domain, string name, string overload) => functions.Count == 0 ? null : functions.GetValueOrDefault((domain, name, overload));

    internal Graph Build(ModelProto model)
    {
        var graph = model.Graph ?? throw Bad("this is not an ONNX model: it has no graph.");
        if (graph.SparseInitializer.Count > 0) throw Unsupported("sparse initializers are not supported; store them as dense tensors.");
        foreach (var function in model.Functions)
        {
            if (!functions.TryAdd((function.Domain, function.Name, function.Overload), function)) throw Bad($"there are two functions {function.Domain}.{function.Name}.");
        }
        frozen.UnionWith(Training.FrozenInitializers(graph));
        var opsets = Opsets(model.OpsetImport);
        if (opsets.ContainsKey(FusedLayers.Domain)) throw Bad($"the domain \"{FusedLayers.Domain}\" is Cajal's own and cannot stand in a file.");
        opsets.Add(FusedLayers.Domain, 1);
        return new GraphBuilder(this, null, opsets, null).Build(GraphParts.Of(graph, graph.Name.Length > 0 ? graph.Name : "main"));
    }

    /// <summary>Makes a graph smaller where nothing will be trained.</summary>
    internal void Fold(Graph graph)
    {
        if (!options.Trainable) Folding.Fold(graph, Texts, options);
    }

    internal void CountNode()
    {
        if (++nodes > options.MostNodes) throw Bad($"the model has more than {options.MostNodes:N0} nodes; raise OnnxOptions.MostNodes if that is meant.");
    }

    /// <summary>An initializer of the main graph: a parameter if it can be trained, else a part of the state.</summary>
    internal OnnxTensor Initializer(TensorProto proto)
    {
        var value = Read(proto, $"the initializer \"{proto.Name}\"");
        if (value.Element == OnnxElement.String) return value;
        if (options.Trainable && value.Element.IsFloating && !value.Element.IsTinyFloat && !frozen.Contains(proto.Name)) value = new(new Parameter(value.Data), value.Element);
        State.Add(proto.Name, value.Data);
        return value;
    }

    /// <summary>A call of a function that the model brings along.</summary>
    internal Kernel Inline(FunctionProto function, NodeDefinition call)
    {
        if (++calls > DeepestCalls) throw Bad($"{call.Label}: functions call each other more than {DeepestCalls} deep, or in a circle.");
        var arguments = new Dictionary<string, AttributeProto>(StringComparer.Ordinal);
        foreach (var preset in function.AttributeProto) arguments[preset.Name] = preset;
        foreach (var (name, attribute) in call.Attributes) arguments[name] = attribute;
        if (call.InputCount > function.Input.Count || call.OutputCount > function.Output.Count) throw Bad($"{call.Label} has more inputs or outputs than its function.");
        var body = new GraphBuilder(this, null, Opsets(function.OpsetImport), arguments).Build(GraphParts.Of(function));
        calls--;
        return running =>
        {
            var inputs = new OnnxValue?[running.InputCount];
            for (int i = 0; i < inputs.Length; i++) inputs[i] = running.Has(i) ? running.Value(i) : null;
            var outputs = body.RunWithin(running.Frame, inputs);
            for (int i = 0; i < running.OutputCount; i++) running.Set(i, outputs[i]);
        };
    }

    private Dictionary<string, int> Opsets(IEnumerable<OperatorSetIdProto> imports)
    {
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var import in imports)
        {
            string domain = import.Domain == "ai.onnx" ? "" : import.Domain;
            if (import.Version < 1 || import.Version > int.MaxValue) throw Bad($"the version of the domain \"{domain}\" is {import.Version}.");
            if (domain.Length == 0 && import.Version > NewestOpset) throw Unsupported($"the model uses opset {import.Version}, but Cajal knows the operators up to {NewestOpset}; export it with an older opset.");
            if (!versions.TryAdd(domain, (int)import.Version)) throw Bad($"the model gives two versions of the domain \"{domain}\".");
        }
        return versions;
    }
}
