namespace Cajal;

/// <summary>One module of a network in numbers.</summary>
/// <param name="Path">Its keys from the root; empty for the root.</param>
/// <param name="Type">Its class.</param>
/// <param name="Output">The shape of what it returned last; null if it was not seen at work.</param>
/// <param name="Calls">How often it was called in one pass.</param>
/// <param name="Parameters">Numbers in its own parameters, those of modules inside it and those counted already not included.</param>
/// <param name="Macs">Multiply-accumulates of its own matrix products and convolutions in one pass.</param>
public sealed record SummaryRow(string Path, string Type, Shape? Output, int Calls, long Parameters, long Macs);

/// <summary>
/// A network in numbers: shapes, parameters, multiply-accumulates, memory, found by sending zeros through it once in evaluation mode. As text, a table.
/// </summary>
/// <remarks>
/// A multiply-accumulate (MAC) is one multiplication and one addition of a matrix product or convolution; 1 MAC is 2 FLOPs. Sums, activations and normalisations are not counted. They are
/// counted where the products happen, so those of functions and of one's own modules are included; one without a parameter as an operand, such as queries with keys, belongs to the module
/// around it.
/// </remarks>
public sealed partial class Summary
{
    private Summary()
    {
    }

    /// <summary>The shape that was sent in, batch axis included.</summary>
    public required Shape Input { get; init; }

    /// <summary>One entry per module, parents first.</summary>
    public required IReadOnlyList<SummaryRow> Rows { get; init; }

    /// <summary>Numbers in all parameters, each counted once.</summary>
    public required long Parameters { get; init; }

    /// <summary>Those of them that are trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Multiply-accumulates of one pass, for the whole batch.</summary>
    public required long Macs { get; init; }

    /// <summary>Bytes of the parameters.</summary>
    public required long ParameterBytes { get; init; }

    /// <summary>Bytes of the buffers.</summary>
    public required long BufferBytes { get; init; }

    /// <summary>Bytes of the input and of the outputs of all innermost modules, as training keeps them; views cost nothing.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>Parameters, buffers and activations together. Gradients and optimiser state come on top in training.</summary>
    public long TotalBytes => ParameterBytes + BufferBytes + ActivationBytes;

    /// <summary>Sends zeros through a network. Modes, buffers, gradients and random numbers are afterwards as they were.</summary>
    /// <param name="net">The network.</param>
    /// <param name="input">The shape of its input, batch axis included: <c>[1, 1, 28, 28]</c>.</param>
    /// <param name="dtype">The type of its input; by default that of its parameters. Int64 for networks that begin with an embedding.</param>
    /// <exception cref="ShapeException">The network does not take such an input; the message names the layer.</exception>
    public static Summary Of(Module net, Shape input, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        return new SummaryPass(net).Run(input, dtype);
    }

    internal static Summary Create(Module net, Shape input, IReadOnlyList<SummaryRow> rows, long activationBytes)
    {
        Tensor[] parameters = [.. net.Parameters()];
        return new()
        {
            Input = input,
            Rows = rows,
            Parameters = parameters.Sum(parameter => (long)parameter.Count),
            TrainableParameters = parameters.Where(parameter => parameter.RequiresGrad).Sum(parameter => (long)parameter.Count),
            Macs = rows.Sum(row => row.Macs),
            ParameterBytes = parameters.Sum(Bytes),
            BufferBytes = net.Buffers().Sum(Bytes),
            ActivationBytes = activationBytes,
        };
    }

    internal static long Bytes(Tensor tensor) => (long)tensor.Count * tensor.DType.Size;
}
