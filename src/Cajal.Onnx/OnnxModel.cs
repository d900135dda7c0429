using Cajal.Onnx;

namespace Cajal;

/// <summary>
/// A model of another framework as a module: its floating initializers are parameters, so an optimiser can go on training it, and gradients flow through it to its
/// inputs. Keys are the names of the initializers.
/// </summary>
/// <example>
/// <code>
/// var model = OnnxModel.Load("resnet.onnx");
/// Tensor logits = model.Forward(images);                 // one input, first output
/// var all = model.Run(new() { ["image"] = images });     // by name, without recording
/// </code>
/// </example>
public sealed partial class OnnxModel : Module
{
    private readonly Graph graph;
    private readonly OrderedDictionary<string, Tensor> state;
    private readonly StringTable texts;
    private readonly OnnxOptions options;
    private readonly Dictionary<string, int> initialSlots;

    private OnnxModel(Graph graph, ModelBuilder builder, OnnxOptions options)
    {
        this.graph = graph;
        this.options = options;
        state = builder.State;
        texts = builder.Texts;
        initialSlots = !options.Trainable ? [] : graph.Constants.ToDictionary(constant => graph.SlotNames[constant.Slot], constant => constant.Slot, StringComparer.Ordinal);
    }

    /// <summary>What must be given to <c>Run</c>, in order.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; private init; } = [];

    /// <summary>What comes out, in order.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; private init; } = [];

    /// <summary>The versions of the domains that the model uses; ONNX's own has an empty name.</summary>
    public IReadOnlyDictionary<string, int> Opsets { get; private init; } = new Dictionary<string, int>();

    /// <summary>What wrote the file, as far as it says.</summary>
    public string Producer { get; private init; } = "";

    /// <summary>Notes that the file holds.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; private init; } = new Dictionary<string, string>();

    internal Graph Graph => graph;

    /// <summary>How often each operator stands in the main graph, by name; nodes that no output needs are left out.</summary>
    public IReadOnlyDictionary<string, int> OperatorCounts => Operators.GroupBy(name => name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>The operators of the main graph in the order in which they run.</summary>
    internal IEnumerable<string> Operators => graph.Nodes.SelectMany(node => node.TakenIn.Prepend(node.Operator));

    /// <summary>Whether the first output is the result of such an operator.</summary>
    internal bool EndsWith(string name) => graph.Nodes.Any(node => node.Operator == name && node.Outputs.Contains(graph.Outputs[0]));

    /// <summary>The first output for one input.</summary>
    /// <exception cref="OnnxNodeException">A node fails.</exception>
    public override Tensor Forward(Tensor x) => Report(x, ForwardAll([x])[0]);

    /// <summary>The outputs for the inputs in order. Recorded, like any module's.</summary>
    /// <exception cref="ArgumentException">There are too many or too few.</exception>
    /// <exception cref="OnnxNodeException">A node fails.</exception>
    public Tensor[] ForwardAll(params ReadOnlySpan<Tensor> inputs)
    {
        var values = new OnnxValue[inputs.Length];
        for (int i = 0; i < values.Length; i++) values[i] = i < Inputs.Count ? Fitting(inputs[i], Inputs[i]) : inputs[i];
        return Array.ConvertAll(Execute(values, default), output => output.AsTensor().Data);
    }

    /// <summary>Runs the model without recording.</summary>
    /// <param name="inputs">A value for every input, by name; initializers may be overridden where the model was loaded to be trained.</param>
    /// <param name="cancellation">Ends a run at the next turn of a loop.</param>
    /// <returns>The outputs by name, in order.</returns>
    /// <exception cref="ArgumentException">An input is missing, or not known.</exception>
    /// <exception cref="OnnxNodeException">A node fails.</exception>
    public OrderedDictionary<string, OnnxValue> Run(IReadOnlyDictionary<string, OnnxValue> inputs, CancellationToken cancellation = default)
    {
        using var plain = new NoGrad();
        var frame = NewFrame(cancellation);
        foreach (var (name, value) in inputs)
        {
            int place = IndexOfInput(name);
            if (place < 0 && !initialSlots.ContainsKey(name)) throw new ArgumentException($"the model has no input \"{name}\"{Ending(name)}", nameof(inputs));
            frame.Slots[place >= 0 ? graph.Inputs[place] : initialSlots[name]] = Adopted(value, frame.Run.Texts);
        }
        for (int i = 0; i < graph.Inputs.Length; i++)
        {
            if (frame.Slots[graph.Inputs[i]] is null) throw new ArgumentException($"the input \"{Inputs[i].Name}\" is missing; the model takes {string.Join(", ", Inputs)}.", nameof(inputs));
        }
        return Named(Bounded(frame));
    }

    /// <summary>Runs the model without recording, on inputs in order.</summary>
    /// <inheritdoc cref="Run(IReadOnlyDictionary{string, OnnxValue}, CancellationToken)"/>
    public OrderedDictionary<string, OnnxValue> Run(params ReadOnlySpan<OnnxValue> inputs)
    {
        using var plain = new NoGrad();
        return Named(Execute(inputs, default));
    }

    private OnnxValue[] Execute(ReadOnlySpan<OnnxValue> inputs, CancellationToken cancellation)
    {
        if (inputs.Length != graph.Inputs.Length) throw new ArgumentException($"the model takes {graph.Inputs.Length} inputs ({string.Join(", ", Inputs)}), but {inputs.Length} were given.", nameof(inputs));
        var frame = NewFrame(cancellation);
        for (int i = 0; i < inputs.Length; i++) frame.Slots[graph.Inputs[i]] = Adopted(inputs[i], frame.Run.Texts);
        return Bounded(frame);
    }

    private Frame NewFrame(CancellationToken cancellation) => new(graph.SlotNames.Length, new(new(texts), options, cancellation));

    private OnnxValue[] Bounded(Frame frame)
    {
        if (options.MostBytes is not { } bytes) return graph.Execute(frame);
        using var budget = new AllocationBudget(bytes);
        return graph.Execute(frame);
    }

    private OrderedDictionary<string, OnnxValue> Named(OnnxValue[] outputs)
    {
        var named = new OrderedDictionary<string, OnnxValue>(outputs.Length, StringComparer.Ordinal);
        for (int i = 0; i < outputs.Length; i++) named[graph.SlotNames[graph.Outputs[i]]] = outputs[i];
        return named;
    }

    /// <summary>Text enters the table of this run.</summary>
    private static OnnxValue Adopted(OnnxValue value, StringTable texts) => value switch
    {
        OnnxTensor { Element: OnnxElement.String } text => OnnxTensor.From(text.ToStrings(), texts, text.Shape) is var adopted && text.Shape.Rank == 0 ? new OnnxTensor(adopted.Data.Reshape(text.Shape), OnnxElement.String, texts) : adopted,
        OnnxSequence sequence => new OnnxSequence([.. sequence.Items.Select(item => Adopted(item, texts))], sequence.Element),
        _ => value,
    };

    /// <summary>A tensor of Cajal as the element type that the model asks for, where only the width differs: a Float16 model takes Float32 numbers.</summary>
    private static OnnxValue Fitting(Tensor x, OnnxValueInfo info) =>
        info.Element.IsFloating && x.DType == DType.Float32 || info.Element.IsInteger && x.DType is DType.Int32 or DType.Int64 ? new OnnxTensor(Narrowing.Bring(x.Cast(info.Element.Carrier), info.Element), info.Element) : x;

    private int IndexOfInput(string name)
    {
        for (int i = 0; i < graph.Inputs.Length; i++) if (graph.SlotNames[graph.Inputs[i]] == name) return i;
        return -1;
    }

    private string Ending(string name) => DidYouMean.Hint(name, Inputs.Select(input => input.Name)) is { Length: > 0 } hint ? hint : $"; its inputs are {string.Join(", ", Inputs)}.";

    /// <inheritdoc/>
    protected override void VisitMembers(ModuleVisitor visitor)
    {
        foreach (var (name, tensor) in state)
        {
            if (tensor is Parameter parameter) visitor.Parameter(name, parameter);
            else visitor.Buffer(name, tensor);
        }
    }
}
