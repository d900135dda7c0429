using Cajal.Onnx.Protobuf;
using Google.Protobuf;

namespace Cajal.Onnx;

/// <summary>The bytes of a model as messages.</summary>
internal static class ModelFile
{
    /// <summary>How deep messages may be nested; a subgraph takes three levels.</summary>
    private const int Depth = 100;

    internal static ModelProto Read(string path, OnnxOptions options)
    {
        using var file = File.OpenRead(path);
        if (file.Length > options.LargestFile) throw new InvalidDataException($"{path}: the file has {file.Length:N0} bytes, more than the {options.LargestFile:N0} that are allowed (OnnxOptions.LargestFile).");
        return Parse(file, path);
    }

    internal static ModelProto Parse(Stream stream, string source) => Parse(stream, source, ModelProto.Parser, "an ONNX model");

    internal static T Parse<T>(Stream stream, string source, MessageParser<T> parser, string what) where T : IMessage<T>
    {
        try
        {
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, Depth);
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{source}: this is not {what}, or it is damaged: {error.Message}", error);
        }
    }
}
