namespace Cajal.Onnx;

/// <summary>Reads the attributes of a node and makes its kernel.</summary>
internal delegate Kernel Factory(NodeDefinition node);

/// <summary>All operators, by domain and name.</summary>
internal sealed class Registry
{
    private readonly Dictionary<(string Domain, string Name), Entry> entries = [];

    /// <summary>An operator: the versions in which its definition changed, and how a kernel is made.</summary>
    internal sealed record Entry(string Domain, string Name, int[] Since, Factory Factory);

    internal static Registry Shared { get; } = new();

    internal IEnumerable<Entry> Entries => entries.Values;

    private Registry()
    {
        Activations.Register(this);
        Clip.Register(this);
        SoftmaxFamily.Register(this);
        AttentionOperator.Register(this);
        RotaryEmbedding.Register(this);
        ControlFlow.Register(this);
        Convolutions.Register(this);
        DeformableConvolution.Register(this);
        Framing.Register(this);
        GridSample.Register(this);
        NonMaxSuppression.Register(this);
        Regions.Register(this);
        Resize.Register(this);
        Gathering.Register(this);
        Ranking.Register(this);
        Scattering.Register(this);
        Products.Register(this);
        Comparisons.Register(this);
        LogicalOperators.Register(this);
        LossOperators.Register(this);
        Arithmetic.Register(this);
        ElementaryFunctions.Register(this);
        Modulo.Register(this);
        Power.Register(this);
        Variadic.Register(this);
        Dropouts.Register(this);
        Normalisations.Register(this);
        Pools.Register(this);
        FusedLayers.Register(this);
        IntegerProducts.Register(this);
        QuantizeLinear.Register(this);
        RandomOperators.Register(this);
        RecurrentOperators.Register(this);
        Cumulative.Register(this);
        Reductions.Register(this);
        SequenceOperators.Register(this);
        Arranging.Register(this);
        Casting.Register(this);
        Making.Register(this);
        Padding.Register(this);
        Reshaping.Register(this);
        Slicing.Register(this);
        SignalWindows.Register(this);
        Spectra.Register(this);
        TextOperators.Register(this);
        TfIdf.Register(this);
        GradientOperator.Register(this);
        Updates.Register(this);
    }

    /// <summary>Adds an operator of the default domain.</summary>
    internal void Add(string name, int[] since, Factory factory) => Add("", name, since, factory);

    internal void Add(string domain, string name, int[] since, Factory factory) => entries.Add((domain, name), new(domain, name, since, factory));

    internal Kernel Create(NodeDefinition node)
    {
        if (!entries.TryGetValue((node.Domain, node.Operator), out var entry))
        {
            string hint = DidYouMean.Hint(node.Operator, entries.Keys.Where(key => key.Domain == node.Domain).Select(key => key.Name));
            throw node.Unsupported($"Cajal does not have this operator{(hint.Length > 0 ? hint : ".")}");
        }
        if (node.Version < entry.Since[0]) throw node.Unsupported($"the operator came with version {entry.Since[0]}.");
        try
        {
            return entry.Factory(node);
        }
        catch (Exception error) when (error is InvalidOperationException or ShapeException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            // Attributes that make no sense belong to the file, not to the program.
            throw node.Bad(error.Message);
        }
    }
}
