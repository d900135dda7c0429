using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>A value in a file of its own: a tensor, a sequence or an optional one.</summary>
internal static class ValueFile
{
    /// <param name="path">The file.</param>
    /// <param name="kind">"tensor", "sequence" or "optional", which the bytes do not say.</param>
    internal static OnnxValue Read(string path, string kind)
    {
        var texts = new StringTable();
        var reader = new TensorReader(path, new(path, null, 0));
        using var file = File.OpenRead(path);
        return kind switch
        {
            "tensor" => reader.Read(ModelFile.Parse(file, path, TensorProto.Parser, "a tensor"), "the tensor", texts),
            "sequence" => Sequence(ModelFile.Parse(file, path, SequenceProto.Parser, "a sequence")),
            "optional" => Optional(ModelFile.Parse(file, path, OptionalProto.Parser, "an optional value")),
            _ => throw new OnnxUnsupportedException($"{path}: values of kind \"{kind}\" are not supported."),
        };

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
