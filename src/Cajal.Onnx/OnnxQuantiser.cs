using Cajal.Onnx;
using Cajal.Onnx.Protobuf;
using Google.Protobuf;

namespace Cajal;

/// <summary>
/// Post-training quantisation to 8 bits (after Jacob et al. 2018): weights of dense and convolutional layers become signed numbers with one scale for each output, and what goes into those layers unsigned numbers whose range was
/// seen on calibration data. Products are summed in 32 bits; everything between those layers stays Float32. The result is ordinary ONNX (QuantizeLinear, MatMulInteger, ConvInteger), which other runtimes can run.
/// </summary>
public static class OnnxQuantiser
{
    /// <summary>Quantises a module of one tensor.</summary>
    /// <param name="module">A trained module.</param>
    /// <param name="calibration">Batches of inputs as the network will see them; some hundred samples suffice.</param>
    /// <param name="options">Names, notes and the dynamic axis.</param>
    /// <returns>A model that computes the same, nearly, in whole numbers. It cannot be trained.</returns>
    /// <exception cref="ArgumentException">There is no batch.</exception>
    /// <exception cref="NotSupportedException">The module cannot be written as ONNX.</exception>
    public static OnnxModel Quantise(Module module, IEnumerable<Tensor> calibration, OnnxExportOptions? options = null) =>
        OnnxModel.Of(Rewritten(module, calibration, options), "the quantised model", null, new() { Trainable = false });

    /// <summary>Quantises a module and writes it as an ONNX file.</summary>
    /// <param name="module">A trained module.</param>
    /// <param name="calibration">Batches of inputs as the network will see them.</param>
    /// <param name="path">The file, which is replaced as a whole or not at all.</param>
    /// <param name="options">Names, notes and the dynamic axis.</param>
    /// <inheritdoc cref="Quantise"/>
    public static void Save(Module module, IEnumerable<Tensor> calibration, string path, OnnxExportOptions? options = null)
    {
        var model = Rewritten(module, calibration, options);
        AtomicFile.Write(path, stream => model.WriteTo(stream));
    }

    private static ModelProto Rewritten(Module module, IEnumerable<Tensor> calibration, OnnxExportOptions? options)
    {
        ArgumentNullException.ThrowIfNull(module);
        Tensor[] batches = [.. calibration];
        if (batches.Length == 0) throw new ArgumentException("Quantise: at least one batch is needed to see the ranges of values.", nameof(calibration));
        var model = OnnxExporter.Export(module, inputs => [module.Call(inputs[0])], [batches[0]], options ?? new());
        BatchNormFolder.Fold(model.Graph);
        var ranges = Calibration.Ranges(model, IntegerRewriter.Watched(model.Graph), batches);
        IntegerRewriter.Rewrite(model.Graph, ranges);
        return model;
    }
}
