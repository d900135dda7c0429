using Cajal.Onnx;
using Cajal.Onnx.Protobuf;
using Google.Protobuf;

namespace Cajal;

/// <summary>How a module is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The axis of every input that may have any length, such as the batch; null for none.</summary>
    public int? DynamicAxis { get; init; } = 0;

    /// <summary>What that axis is called in the file.</summary>
    public string DynamicName { get; init; } = "batch";

    /// <summary>Names of the inputs; <c>input</c>, or <c>input_0</c> and so on, when not given.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>Names of the outputs; <c>output</c>, or <c>output_0</c> and so on, when not given.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>Notes for the file.</summary>
    public IReadOnlyDictionary<string, string>? Notes { get; init; }
}

/// <summary>
/// Writes modules as ONNX (opset 17) by watching what they do: the module runs twice, in evaluation, on inputs of two different lengths along the dynamic axis and with different values. What is
/// the same in both is constant in the file; a tensor that differs although no known operation made it is an error, never a silent constant.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The version of ONNX's operators that is written.</summary>
    public const int Opset = 17;

    private const int FormatVersion = 8;

    /// <summary>Writes a module of one tensor.</summary>
    /// <param name="module">The module. Its mode is as before afterwards.</param>
    /// <param name="example">
    /// An input: its shape, its dtype and, for whole numbers, their range are what matters. In the second pass rows of whole numbers change places along the dynamic axis; where all are alike they are reversed.
    /// </param>
    /// <param name="path">The file, which is replaced as a whole or not at all.</param>
    /// <param name="options">Names and the dynamic axis.</param>
    /// <exception cref="NotSupportedException">The module does something that cannot be said in ONNX, or that differs from one call to the next.</exception>
    public static void Save(Module module, Tensor example, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        Save(module, inputs => [module.Call(inputs[0])], [example], path, options);
    }

    /// <summary>Writes a function of a module, with any number of inputs and outputs.</summary>
    /// <param name="module">Whose parameters and names are used.</param>
    /// <param name="forward">What is written, such as <c>inputs => [attention.Forward(inputs[0], inputs[1], inputs[1])]</c>.</param>
    /// <param name="examples">Inputs.</param>
    /// <param name="path">The file, which is replaced as a whole or not at all.</param>
    /// <param name="options">Names and the dynamic axis.</param>
    /// <inheritdoc cref="Save(Module, Tensor, string, OnnxExportOptions?)"/>
    public static void Save(Module module, Func<Tensor[], Tensor[]> forward, Tensor[] examples, string path, OnnxExportOptions? options = null)
    {
        var model = Export(module, forward, examples, options ?? new());
        AtomicFile.Write(path, stream => model.WriteTo(stream));
    }

    internal static ModelProto Export(Module module, Func<Tensor[], Tensor[]> forward, Tensor[] examples, OnnxExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(module);
        var graph = GraphWriter.Write(module, forward, examples, options);
        var model = new ModelProto { IrVersion = FormatVersion, ProducerName = "Cajal", ProducerVersion = typeof(Module).Assembly.GetName().Version?.ToString(3) ?? "", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        foreach (var (key, value) in options.Notes ?? new Dictionary<string, string>()) model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }
}
