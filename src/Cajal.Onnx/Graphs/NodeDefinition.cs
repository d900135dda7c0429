using Cajal.Onnx.Protobuf;
using Kind = Cajal.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace Cajal.Onnx;

/// <summary>A node as the file has it, for the operator that makes a kernel of it.</summary>
internal sealed class NodeDefinition
{
    private readonly Dictionary<string, AttributeProto> attributes = new(StringComparer.Ordinal);
    private readonly GraphBuilder builder;

    /// <param name="proto">The node.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="version">Of its domain in this model.</param>
    /// <param name="builder">Of the graph it stands in.</param>
    /// <param name="arguments">Attributes of the function whose body this is, if it is one.</param>
    internal NodeDefinition(NodeProto proto, string name, int version, GraphBuilder builder, IReadOnlyDictionary<string, AttributeProto>? arguments)
    {
        Proto = proto;
        Name = name;
        Version = version;
        this.builder = builder;
        foreach (var attribute in proto.Attribute)
        {
            var given = attribute;
            if (attribute.HasRefAttrName && attribute.RefAttrName.Length > 0)
            {
                if (arguments is null || !arguments.TryGetValue(attribute.RefAttrName, out given)) continue;
            }
            if (!attributes.TryAdd(attribute.Name, given)) throw builder.Bad($"{Label} has two attributes \"{attribute.Name}\".");
        }
    }

    internal NodeProto Proto { get; }

    internal string Name { get; }

    internal string Operator => Proto.OpType;

    internal string Domain => DomainOf(Proto);

    internal int Version { get; }

    internal int InputCount => Proto.Input.Count;

    internal int OutputCount => Proto.Output.Count;

    internal StringTable Texts => builder.Texts;

    internal IReadOnlyDictionary<string, AttributeProto> Attributes => attributes;

    internal string Label => $"node \"{Name}\" ({(Domain.Length == 0 ? "" : Domain + ".")}{Operator}, opset {Version})";

    /// <summary>"ai.onnx" is another name of the default domain.</summary>
    internal static string DomainOf(NodeProto node) => node.Domain is "ai.onnx" ? "" : node.Domain;

    internal bool Has(string name) => attributes.ContainsKey(name);

    /// <summary>Whether an input is named, not left out.</summary>
    internal bool HasInput(int index) => index < Proto.Input.Count && Proto.Input[index].Length > 0;

    internal long Long(string name, long fallback) => Find(name, Kind.Int) is { } found ? found.I : fallback;

    internal int Int(string name, int fallback) => Find(name, Kind.Int) is { } found ? Fits(name, found.I) : fallback;

    internal bool Flag(string name, bool fallback = false) => Long(name, fallback ? 1 : 0) != 0;

    internal float Float(string name, float fallback) => Find(name, Kind.Float) is { } found ? found.F : fallback;

    internal string Text(string name, string fallback) => Find(name, Kind.String) is { } found ? found.S.ToStringUtf8() : fallback;

    internal long[]? Longs(string name) => Find(name, Kind.Ints) is { } found ? [.. found.Ints] : null;

    internal int[]? Ints(string name) => Longs(name) is { } found ? Array.ConvertAll(found, value => Fits(name, value)) : null;

    internal float[]? Floats(string name) => Find(name, Kind.Floats) is { } found ? [.. found.Floats] : null;

    internal string[]? TextList(string name) => Find(name, Kind.Strings) is { } found ? [.. found.Strings.Select(text => text.ToStringUtf8())] : null;

    internal OnnxTensor? Tensor(string name) => Find(name, Kind.Tensor) is { } found ? builder.Read(found.T ?? throw Bad($"the attribute \"{name}\" is empty."), $"attribute \"{name}\" of {Label}") : null;

    internal TypeProto? Type(string name) => Find(name, Kind.TypeProto)?.Tp;

    /// <summary>A subgraph, ready to run.</summary>
    internal Graph Graph(string name)
    {
        var found = Find(name, Kind.Graph)?.G ?? throw Bad($"the attribute \"{name}\", a graph, is missing.");
        return builder.Subgraph(found, $"{Name}.{name}");
    }

    /// <summary>The part of the enclosing graph that computes one value from others.</summary>
    internal Graph Between(IReadOnlyList<string> inputs, string output) => builder.Between(inputs, output, $"{Name}.part");

    /// <summary>The element type that an attribute names by its number.</summary>
    internal OnnxElement Element(string name, OnnxElement fallback)
    {
        long type = Long(name, (long)fallback);
        return type is >= 0 and <= int.MaxValue && (type == 0 || Elements.IsKnown((int)type)) ? (OnnxElement)type : throw builder.Unsupported($"{Label}: the attribute \"{name}\" asks for element type {type}, which Cajal does not have.");
    }

    /// <summary>One of the words that an attribute may hold, as its place.</summary>
    internal int Choice(string name, string fallback, params ReadOnlySpan<string> words)
    {
        string given = Text(name, fallback);
        int place = words.IndexOf(given);
        return place >= 0 ? place : throw builder.Bad($"{Label}: the attribute \"{name}\" must be one of {string.Join(", ", words.ToArray())}, not \"{given}\"{DidYouMean.Hint(given, words.ToArray())}");
    }

    internal InvalidDataException Bad(string why) => builder.Bad($"{Label}: {why}");

    internal OnnxUnsupportedException Unsupported(string what) => builder.Unsupported($"{Label}: {what}");

    private int Fits(string name, long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : throw builder.Bad($"{Label}: the attribute \"{name}\" is {value}, which is too large.");

    private AttributeProto? Find(string name, Kind kind)
    {
        if (!attributes.TryGetValue(name, out var found)) return null;
        // Very old files leave the type out.
        if (found.HasType && found.Type != Kind.Undefined && found.Type != kind) throw builder.Bad($"{Label}: the attribute \"{name}\" must be of type {kind}, not {found.Type}.");
        return found;
    }
}
