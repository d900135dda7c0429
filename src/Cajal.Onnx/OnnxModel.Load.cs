using Cajal.Onnx;
using Cajal.Onnx.Protobuf;

namespace Cajal;

public sealed partial class OnnxModel
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">The file; external data must lie in its folder or below.</param>
    /// <param name="options">Limits, and whether the model can be trained.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or no valid model.</exception>
    /// <exception cref="OnnxUnsupportedException">The model needs an operator, a version or an element type that Cajal does not have.</exception>
    public static OnnxModel Load(string path, OnnxOptions? options = null)
    {
        options ??= OnnxOptions.Default;
        return Of(ModelFile.Read(path, options), path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)), options);
    }

    /// <summary>Reads a model without external data from a stream.</summary>
    /// <param name="stream">The bytes of the file.</param>
    /// <param name="source">How messages call it.</param>
    /// <param name="options">Limits, and whether the model can be trained.</param>
    /// <inheritdoc cref="Load(string, OnnxOptions?)"/>
    public static OnnxModel Load(Stream stream, string source = "the model", OnnxOptions? options = null) =>
        Of(ModelFile.Parse(stream, source), source, null, options ?? OnnxOptions.Default);

    internal static OnnxModel Of(ModelProto proto, string source, string? folder, OnnxOptions options)
    {
        var builder = new ModelBuilder(source, folder, options);
        if (proto.Graph is not null) proto = Simplified(proto, options);
        Graph graph;
        try
        {
            graph = builder.Build(proto);
        }
        catch (ShapeException error)
        {
            throw new InvalidDataException($"{source}: {error.Message}", error);
        }
        var infos = proto.Graph!.Input.Concat(proto.Graph.Output).DistinctBy(info => info.Name).ToDictionary(info => info.Name, info => Info(info), StringComparer.Ordinal);
        return new(graph, builder, options)
        {
            Inputs = [.. graph.Inputs.Select(slot => infos[graph.SlotNames[slot]])],
            Outputs = [.. graph.Outputs.Select(slot => infos[graph.SlotNames[slot]])],
            Opsets = proto.OpsetImport.ToDictionary(import => import.Domain == "ai.onnx" ? "" : import.Domain, import => (int)import.Version, StringComparer.Ordinal),
            Producer = $"{proto.ProducerName} {proto.ProducerVersion}".Trim(),
            Notes = proto.MetadataProps.GroupBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
        };
    }

    /// <summary>What computes the same with fewer nodes; a model that may still be trained stays as it is.</summary>
    private static ModelProto Simplified(ModelProto proto, OnnxOptions options)
    {
        if (options.Trainable) return proto;
        var simple = proto.Clone();
        try
        {
            BatchNormFolder.Fold(simple.Graph);
            IntegerFuser.Fuse(simple.Graph);
            return simple;
        }
        catch (Exception error) when (error is ShapeException or InvalidOperationException or InvalidDataException or ArgumentException)
        {
            // What does not fit is for the nodes themselves to complain about, when they run.
            return proto;
        }
    }

    private static OnnxValueInfo Info(ValueInfoProto info) => info.Type?.ValueCase switch
    {
        TypeProto.ValueOneofCase.TensorType => new(info.Name, "tensor", ElementOf(info.Type.TensorType.ElemType), Axes(info.Type.TensorType.Shape)),
        TypeProto.ValueOneofCase.SequenceType => new(info.Name, "sequence", ElementOf(info.Type.SequenceType.ElemType?.TensorType?.ElemType ?? 0), null),
        TypeProto.ValueOneofCase.OptionalType => new(info.Name, "optional", ElementOf(info.Type.OptionalType.ElemType?.TensorType?.ElemType ?? 0), null),
        TypeProto.ValueOneofCase.MapType => new(info.Name, "map", OnnxElement.Undefined, null),
        TypeProto.ValueOneofCase.SparseTensorType => new(info.Name, "sparse tensor", ElementOf(info.Type.SparseTensorType.ElemType), null),
        _ => new(info.Name, "tensor", OnnxElement.Undefined, null),
    };

    private static OnnxElement ElementOf(int type) => Elements.IsKnown(type) ? (OnnxElement)type : OnnxElement.Undefined;

    private static OnnxAxis[]? Axes(TensorShapeProto? shape) => shape is null ? null :
    [
        .. shape.Dim.Select(dim => dim.ValueCase switch
        {
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dim.DimValue is >= 0 and <= int.MaxValue => new OnnxAxis((int)dim.DimValue, null),
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dim.DimParam.Length > 0 => new OnnxAxis(null, dim.DimParam),
            _ => default,
        }),
    ];
}
