using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>A value in a file of its own: a tensor, a sequence or an optional one.</summary>
internal static class ValueFile
{
    /// <param name="path">The file.</param>
    /// <param name="info">What the model says about the value; the bytes do not say whether it is a tensor.</param>
    internal static OnnxValue Read(string path, OnnxValueInfo info)
    {
        var texts = new StringTable();
        var reader = new TensorReader(path, new(path, null, 0));
        using var file = File.OpenRead(path);
        return info.Kind switch
        {
            "tensor" => Meant(reader.Read(ModelFile.Parse(file, path, TensorProto.Parser, "a tensor"), "the tensor", texts), info.Element),
            "sequence" => Sequence(ModelFile.Parse(file, path, SequenceProto.Parser, "a sequence")),
            "optional" => Optional(ModelFile.Parse(file, path, OptionalProto.Parser, "an optional value")),
            _ => throw new OnnxUnsupportedException($"{path}: values of kind \"{info.Kind}\" are not supported."),
        };

        // NumPy has no bfloat16, so the suite stores its bits as UInt16.
        static OnnxTensor Meant(OnnxTensor x, OnnxElement wanted) => wanted == OnnxElement.BFloat16 && x.Element == OnnxElement.UInt16 ? Bits.Recast(x, wanted) : x;

        OnnxSequence Sequence(SequenceProto proto) => new(
        [
            .. proto.TensorValues.Select(tensor => (OnnxValue)reader.Read(tensor, "a tensor of the sequence", texts)),
            .. proto.SequenceValues.Select(Sequence), .. proto.OptionalValues.Select(Optional),
        ]);

        OnnxValue Optional(OptionalProto proto) =>
            proto.TensorValue is { } tensor ? reader.Read(tensor, "the optional tensor", texts)
            : proto.SequenceValue is { } sequence ? Sequence(sequence)
            : proto.OptionalValue is { } optional ? Optional(optional) : OnnxValue.Nothing;
    }
}
