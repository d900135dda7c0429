namespace Cajal.Onnx;

/// <summary>How each operation of Cajal is said in ONNX.</summary>
internal static partial class OpWriters
{
    private static readonly Dictionary<string, Func<Emission, string>> All = Make();

    internal static string Write(Emission op) => All.TryGetValue(op.Record.Op, out var write)
        ? write(op)
        : throw new NotSupportedException($"Export: the operation {op.Record.Op} cannot be written as ONNX yet.");

    private static Dictionary<string, Func<Emission, string>> Make()
    {
        var all = new Dictionary<string, Func<Emission, string>>(StringComparer.Ordinal);
        AddElementary(all);
        AddActivations(all);
        AddArranging(all);
        AddReductions(all);
        AddLayers(all);
        AddAttention(all);
        AddRecurrent(all);
        AddSparse(all);
        return all;
    }
}
