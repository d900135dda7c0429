using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Makes a graph of a file ready to run: finds an order of its nodes, gives each value a slot and each node its operator.</summary>
internal sealed class GraphBuilder
{
    private readonly ModelBuilder model;
    private readonly GraphBuilder? outer;
    private readonly IReadOnlyDictionary<string, AttributeProto>? arguments;
    private readonly IReadOnlyDictionary<string, int> opsets;
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);
    private readonly List<string> slotNames = [];
    private readonly List<(int Outer, int Own)> captures = [];
    private readonly HashSet<int> lent = []; // slots that subgraphs of the node at hand read
    private GraphParts? parts;
    private readonly List<(int Slot, OnnxValue Value)> constants = [];

    internal GraphBuilder(ModelBuilder model, GraphBuilder? outer, IReadOnlyDictionary<string, int> opsets, IReadOnlyDictionary<string, AttributeProto>? arguments)
    {
        (this.model, this.outer, this.opsets, this.arguments) = (model, outer, opsets, arguments);
    }

    internal StringTable Texts => model.Texts;

    internal IReadOnlyDictionary<string, int> Slots => slots;

    internal InvalidDataException Bad(string why) => model.Bad(why);

    internal OnnxUnsupportedException Unsupported(string what) => model.Unsupported(what);

    internal OnnxTensor Read(TensorProto tensor, string what) => model.Read(tensor, what);

    internal Graph Subgraph(GraphProto proto, string name) => new GraphBuilder(model, this, opsets, arguments).Build(GraphParts.Of(proto, name));

    internal Graph Between(IReadOnlyList<string> inputs, string output, string name) =>
        new GraphBuilder(model, this, opsets, arguments).Build(new GraphParts(name, parts!.Nodes, inputs, [output], []) { IsCut = true });

    internal Graph Build(GraphParts parts)
    {
        this.parts = parts;
        var order = NodeOrder.Of(parts, this);
        var inputs = new List<int>();
        foreach (var initializer in parts.Initializers)
        {
            if (initializer.Name.Length == 0 || slots.ContainsKey(initializer.Name)) throw Bad($"the graph \"{parts.Name}\" has an initializer without a name, or two called \"{initializer.Name}\".");
            constants.Add((Define(initializer.Name), outer is null ? model.Initializer(initializer) : Read(initializer, $"the initializer \"{initializer.Name}\"")));
        }
        foreach (string input in parts.Inputs)
        {
            // Before IR version 4 every initializer was listed as an input too.
            if (parts.HasInitializer(input)) continue;
            inputs.Add(slots.ContainsKey(input) ? throw Bad($"the graph \"{parts.Name}\" has two inputs called \"{input}\".") : Define(input));
        }
        var nodes = new List<GraphNode>();
        foreach (var proto in order) nodes.Add(Node(proto, parts));
        int[] outputs = [.. parts.Outputs.Select(name => Resolve(name) is >= 0 and var slot ? slot : throw Bad($"the graph \"{parts.Name}\" promises an output \"{name}\" that nothing computes."))];
        var graph = new Graph
        {
            Name = parts.Name, SlotNames = [.. slotNames], Nodes = [.. nodes], Inputs = [.. inputs], Outputs = outputs, Constants = [.. constants], Captures = [.. captures],
        };
        if (outer is null) model.Fold(graph);
        Followers.TakeIn(graph);
        Lifetimes.Mark(graph);
        return graph;
    }

    /// <summary>The slot of a name, here or in an enclosing graph; -1 if there is none.</summary>
    internal int Resolve(string name)
    {
        if (slots.TryGetValue(name, out int slot)) return slot;
        int above = outer?.Resolve(name) ?? -1;
        if (above < 0) return -1;
        outer!.lent.Add(above);
        slot = Define(name);
        captures.Add((above, slot));
        return slot;
    }

    private int Define(string name)
    {
        slots.Add(name, slotNames.Count);
        slotNames.Add(name);
        return slotNames.Count - 1;
    }

    private GraphNode Node(NodeProto proto, GraphParts parts)
    {
        model.CountNode();
        string domain = NodeDefinition.DomainOf(proto), name = proto.Name.Length > 0 ? proto.Name : proto.Output.FirstOrDefault(output => output.Length > 0) ?? $"{proto.OpType} without a name";
        int version = opsets.TryGetValue(domain, out int imported) ? imported : -1;
        var definition = new NodeDefinition(proto, name, version, this, arguments);
        var inputs = new int[proto.Input.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = proto.Input[i].Length == 0 ? -1 : Resolve(proto.Input[i]);
            if (inputs[i] < 0 && proto.Input[i].Length > 0) throw Bad($"{definition.Label} reads \"{proto.Input[i]}\", which nothing computes.");
        }
        lent.Clear();
        var function = model.Function(domain, proto.OpType, proto.Overload);
        if (version < 0 && function is null) throw Bad($"{definition.Label}: the model does not say which version of the domain \"{domain}\" it uses.");
        var kernel = function is null ? Registry.Shared.Create(definition) : model.Inline(function, definition);
        var outputs = new int[proto.Output.Count];
        for (int i = 0; i < outputs.Length; i++) outputs[i] = proto.Output[i].Length == 0 ? -1 : parts.IsDefinedOnce(proto.Output[i]) && !slots.ContainsKey(proto.Output[i]) ? Define(proto.Output[i]) : throw Bad($"{definition.Label} computes \"{proto.Output[i]}\", which something else computes too.");
        return new(name, proto.OpType, domain, version, inputs, outputs) { Kernel = kernel, Captured = [.. lent], IsFunction = function is not null };
    }
}
