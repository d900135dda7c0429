using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <summary>One operation to be written: its records of both passes, and the graph.</summary>
/// <param name="writer">Of the graph.</param>
/// <param name="record">Of the first pass.</param>
/// <param name="other">Of the second.</param>
internal readonly struct Emission(GraphWriter writer, OpRecord record, OpRecord other)
{
    internal GraphWriter Writer => writer;

    internal OpRecord Record => record;

    internal OpRecord Other => other;

    internal Tensor Output => record.Output;

    internal DType DType => record.Output.DType;

    internal Tensor Tensor(int input) => record.Inputs[input] ?? throw new NotSupportedException($"Export: {record.Op} lacks its input {input}.");

    internal bool Has(int input) => input < record.Inputs.Length && record.Inputs[input] is not null;

    /// <summary>The name of an input; empty where it was left out.</summary>
    internal string this[int input] => Has(input) ? writer.Name(Tensor(input)) : "";

    internal string Node(string op, IReadOnlyList<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) => writer.Node(op, inputs, null, attributes);

    internal string Scalar(double value) => writer.Scalar(value, DType);

    /// <summary>Axes of an input that the output has with length 1.</summary>
    internal int[] Shrunk()
    {
        int[] from = Tensor(0).Dims, others = writer.Partner(Tensor(0)).Dims, to = Output.Dims;
        var axes = new List<int>();
        for (int axis = 0; axis < from.Length; axis++) if (to[axis] == 1 && (from[axis] != 1 || others[axis] != 1)) axes.Add(axis);
        return [.. axes];
    }

    internal T Details<T>() => record.Details is T details ? details : throw new NotSupportedException($"Export: what {record.Op} was told has another form than the exporter knows ({record.Details?.GetType()}).");

    internal T OtherDetails<T>() => other.Details is T details ? details : throw new NotSupportedException($"Export: what {record.Op} was told has another form than the exporter knows.");
}
