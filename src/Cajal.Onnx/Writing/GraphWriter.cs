using Cajal.Autodiff;
using Cajal.Onnx.Protobuf;
using Google.Protobuf;

namespace Cajal.Onnx;

/// <summary>Turns two passes of a module into a graph.</summary>
internal sealed class GraphWriter
{
    private readonly GraphProto graph = new() { Name = "cajal" };
    private readonly Dictionary<Tensor, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, Tensor> partners = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<Tensor, string> keys = new(ReferenceEqualityComparer.Instance);
    private readonly OnnxExportOptions options;
    private readonly TracedPass first, second;
    private string owner = "";

    private GraphWriter(Module module, TracedPass first, TracedPass second, OnnxExportOptions options)
    {
        (this.first, this.second, this.options) = (first, second, options);
        foreach (var (key, tensor) in module.StateDict()) keys.TryAdd(tensor, key);
        foreach (var (key, tensor) in module.NamedBuffers()) keys.TryAdd(tensor, key);
    }

    internal static GraphProto Write(Module module, Func<Tensor[], Tensor[]> forward, Tensor[] examples, OnnxExportOptions options)
    {
        var pass = TracedPass.Run(module, forward, examples);
        var other = TracedPass.Run(module, forward, Array.ConvertAll(examples, example => Other(example, options.DynamicAxis)));
        if (pass.Records.Count != other.Records.Count || pass.Records.Zip(other.Records).Any(pair => pair.First.Op != pair.Second.Op))
            throw new NotSupportedException("Export: the module does one thing for one input and another for the next, so that no single graph is it.");
        return new GraphWriter(module, pass, other, options).Write();
    }

    /// <summary>An input one longer along the dynamic axis, with other values in the same range.</summary>
    private static Tensor Other(Tensor example, int? axis)
    {
        var other = example.Detach();
        if (axis is { } at && at < example.Rank) other = Tensor.Concat([other, other.Narrow(at, 0, 1)], at);
        if (other.DType == DType.Bool) return !other;
        if (other.DType.IsFloating) return other * 0.75 + 0.125;
        // Whole rows change places where they differ, since not every order of symbols need make sense: padding stands at the end.
        if (axis is { } rows && rows < example.Rank && Enumerable.Range(1, example.Dims[rows] - 1).Any(row => !Same(example.Select(rows, 0), example.Select(rows, row)))) return other.Roll(-1, rows);
        return other.Flip();
    }

    /// <summary>The same tensor in the second pass; itself if it was there before both.</summary>
    internal Tensor Partner(Tensor tensor) => partners.GetValueOrDefault(tensor, tensor);

    /// <summary>The length of an axis of the model's inputs that stands for the dynamic one, in both passes.</summary>
    internal (int First, int Second) Dynamic => options.DynamicAxis is { } axis && axis < first.Inputs[0].Rank ? (first.Inputs[0].Dims[axis], second.Inputs[0].Dims[axis]) : (-1, -1);

    private GraphProto Write()
    {
        for (int i = 0; i < first.Inputs.Length; i++)
        {
            string name = Take(options.InputNames?[i] ?? (first.Inputs.Length == 1 ? "input" : $"input_{i}"));
            names[first.Inputs[i]] = name;
            partners[first.Inputs[i]] = second.Inputs[i];
            graph.Input.Add(Info(name, first.Inputs[i], second.Inputs[i]));
        }
        string[] outputNames = [.. first.Outputs.Select((_, i) => Take(options.OutputNames?[i] ?? (first.Outputs.Length == 1 ? "output" : $"output_{i}")))];
        for (int i = 0; i < first.Records.Count; i++)
        {
            var (one, two) = (first.Records[i], second.Records[i]);
            partners[one.Output] = two.Output;
            owner = first.OwnerOf(one.Output);
            for (int k = 0; k < one.Inputs.Length; k++) if (one.Inputs[k] is { } input && two.Inputs[k] is { } twin && !ReferenceEquals(input, twin)) partners.TryAdd(input, twin);
            names[one.Output] = OpWriters.Write(new(this, one, two));
        }
        owner = "";
        for (int i = 0; i < first.Outputs.Length; i++)
        {
            // The result gets its name by an identity, which also serves inputs and constants that come out as they are.
            Node("Identity", [Name(first.Outputs[i])], outputNames[i]);
            graph.Output.Add(Info(outputNames[i], first.Outputs[i], second.Outputs[i]));
        }
        GraphCleaner.Clean(graph);
        return graph;
    }

    /// <summary>What a tensor is called in the graph; one that nothing made is a constant.</summary>
    internal string Name(Tensor tensor)
    {
        if (names.TryGetValue(tensor, out string? known)) return known;
        var twin = Partner(tensor);
        string name;
        if (keys.TryGetValue(tensor, out string? key)) name = Constant(tensor, key);
        else if (ReferenceEquals(tensor, twin)) name = Constant(tensor, "constant");
        else if (tensor.Shape == twin.Shape && Same(tensor, twin)) name = Constant(tensor, "constant");
        else if (IsUniform(tensor) && IsUniform(twin) && tensor.ElementAt(0).Equals(twin.ElementAt(0))) name = Node("Expand", [Constant(Tensor.Full([], tensor.ElementAt(0), tensor.DType), "constant"), ShapeOf(tensor)]);
        else throw new NotSupportedException($"Export: a tensor {tensor.Shape} depends on the input in a way that was not seen (Item, ToArray, random numbers, or an operation without a record); compute it with tensor operations.");
        names[tensor] = name;
        return name;
    }

    /// <summary>Whether a tensor is neither an input nor made by an operation nor held by the module.</summary>
    internal bool IsLoose(Tensor tensor) => !names.ContainsKey(tensor) && !keys.ContainsKey(tensor);

    /// <summary>An initializer.</summary>
    internal string Constant(Tensor value, string wanted)
    {
        string name = Take(wanted);
        graph.Initializer.Add(Proto(value, name));
        return name;
    }

    internal string Scalar(double value, DType dtype) => Constant(Tensor.Full([], value, dtype), "constant");

    internal string Longs(params ReadOnlySpan<long> values) => Constant(Tensor.From(values, values.Length), "constant");

    /// <summary>The shape of a tensor as a value: numbers, and the dynamic length read from the input where it occurs.</summary>
    internal string ShapeOf(Tensor tensor) => ShapeOf(tensor.Dims, Partner(tensor).Dims);

    internal string ShapeOf(int[] dims, int[] others)
    {
        if (dims.AsSpan().SequenceEqual(others)) return Longs([.. dims.Select(length => (long)length)]);
        var parts = new List<string>();
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis] == others[axis]) parts.Add(Longs(dims[axis]));
            else
            {
                var (one, two) = Dynamic;
                if (one <= 0 || dims[axis] % one != 0 || dims[axis] / one * two != others[axis]) throw new NotSupportedException($"Export: a length changes from {dims[axis]} to {others[axis]} when the dynamic axis changes from {one} to {two}; only multiples of it can be written.");
                string length = Node("Gather", [Node("Shape", [names[first.Inputs[0]]]), Longs(options.DynamicAxis!.Value)]);
                parts.Add(dims[axis] == one ? length : Node("Mul", [length, Longs(dims[axis] / one)]));
            }
        }
        return parts.Count == 1 ? parts[0] : Node("Concat", [.. parts], null, ("axis", 0L));
    }

    /// <summary>Adds a node and returns the name of its first output.</summary>
    internal string Node(string op, IReadOnlyList<string> inputs, string? output = null, params ReadOnlySpan<(string Name, object Value)> attributes) => Nodes(op, inputs, 1, output, attributes)[0];

    /// <summary>Adds a node with several outputs; the empty name leaves an input out.</summary>
    internal string[] Nodes(string op, IReadOnlyList<string> inputs, int outputs, string? output = null, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string name = Take(owner.Length == 0 ? op : $"{owner}/{op}");
        var node = new NodeProto { OpType = op, Name = name };
        int count = inputs.Count;
        while (count > 0 && inputs[count - 1].Length == 0) count--;
        node.Input.AddRange(inputs.Take(count));
        string[] results = [.. Enumerable.Range(0, outputs).Select(i => output ?? Take(outputs == 1 ? name + ":out" : $"{name}:out{i}"))];
        node.Output.AddRange(results);
        foreach (var (key, value) in attributes) node.Attribute.Add(Attribute(key, value));
        graph.Node.Add(node);
        return results;
    }

    private string Take(string wanted)
    {
        string name = wanted;
        for (int i = 1; !taken.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    private ValueInfoProto Info(string name, Tensor tensor, Tensor other)
    {
        var shape = new TensorShapeProto();
        for (int axis = 0; axis < tensor.Rank; axis++)
            shape.Dim.Add(tensor.Dims[axis] == other.Dims[axis] ? new TensorShapeProto.Types.Dimension { DimValue = tensor.Dims[axis] } : new() { DimParam = tensor.Dims[axis] == Dynamic.First ? options.DynamicName : $"{name}_{axis}" });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)Elements.Of(tensor.DType), Shape = shape } } };
    }

    internal static TensorProto Proto(Tensor value, string name)
    {
        var element = Elements.Of(value.DType);
        var proto = new TensorProto { Name = name, DataType = (int)element, RawData = UnsafeByteOperations.UnsafeWrap(Bits.Of(new(value.Detach(), element))) };
        foreach (int length in value.Shape) proto.Dims.Add(length);
        return proto;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long number: (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number); break;
            case float number: (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, number); break;
            case string text: (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text)); break;
            case int[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers.Select(number => (long)number));
                break;
            case string[] texts:
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            default: throw new ArgumentException($"an attribute cannot be {value.GetType().Name}.", nameof(value));
        }
        return attribute;
    }

    private static bool Same(Tensor a, Tensor b) => a.DType == b.DType && Bits.Of(new(a.Detach(), Elements.Of(a.DType))).AsSpan().SequenceEqual(Bits.Of(new(b.Detach(), Elements.Of(b.DType))));

    private static bool IsUniform(Tensor tensor) => tensor.Count > 0 && tensor.ToArray<double>().Distinct().Count() == 1;
}
