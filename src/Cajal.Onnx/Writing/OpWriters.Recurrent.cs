using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal.Onnx;

/// <content>Recurrences: one node for each direction of each layer.</content>
internal static partial class OpWriters
{
    private static void AddRecurrent(Dictionary<string, Func<Emission, string>> all)
    {
        all["Lstm"] = static op => Recurrence(op, "LSTM", [0, 3, 1, 2]);
        all["Gru"] = static op => Recurrence(op, "GRU", [1, 0, 2], ("linear_before_reset", 1L));
        all["Rnn"] = static op => Recurrence(op, "RNN", [0], ("activations", op.Details<(RecurrentCall Call, Saved[], Saved, (Tensor?, Tensor?))>().Call.Kind == RecurrentKind.Relu ? "Relu" : "Tanh"));
    }

    /// <param name="op">The recurrence.</param>
    /// <param name="name">Of the operator.</param>
    /// <param name="order">Which of Cajal's gates stands at each place of ONNX's.</param>
    /// <param name="setting">One more attribute.</param>
    private static string Recurrence(Emission op, string name, int[] order, (string Name, object Value)? setting = null)
    {
        var call = op.Details<(RecurrentCall Call, Saved[], Saved, (Tensor? Gates, Tensor? Cells))>().Call;
        int gates = order.Length, hidden = call.Hidden;
        string weight = Gates(op, op[3], order, hidden), recurrent = Gates(op, op[4], order, hidden);
        string bias = call.InputBias is null && call.HiddenBias is null ? "" : op.Node("Unsqueeze", [op.Node("Concat", [Bias(5, call.InputBias), Bias(6, call.HiddenBias)], ("axis", 0L)), op.Writer.Longs(0)]);
        var attributes = new List<(string, object)> { ("hidden_size", (long)hidden), ("direction", call.Reverse ? "reverse" : "forward") };
        if (setting is { Name: "activations" } activations) attributes.Add(("activations", new[] { (string)activations.Value }));
        else if (setting is { } other) attributes.Add(other);
        bool hasCell = name == "LSTM";
        string initial = State(1, call.Initial), lengths = call.Lengths is null ? "" : op.Node("Cast", [op[7]], ("to", (long)OnnxElement.Int32));
        string[] results = op.Writer.Nodes(name, [op[0], One(weight), One(recurrent), bias, lengths, initial, hasCell ? State(2, call.InitialCell!) : ""], hasCell ? 3 : 2, null, [.. attributes]);
        string y = op.Node("Squeeze", [results[0], op.Writer.Longs(1)]);
        // Behind the end of a sequence ONNX has zeros, but here the state stands still: at the last one, or backward in time at the first.
        string held = call.Reverse ? initial : results[1];
        if (call.Lengths is not null && held.Length > 0) y = op.Node("Where", [WithinLengths(op, y), y, held]);
        return call.AppendCell ? op.Node("Concat", [y, results[2]], ("axis", 0L)) : y;

        string One(string x) => op.Node("Unsqueeze", [x, op.Writer.Longs(0)]);

        string Bias(int input, Tensor? given) => given is null ? op.Writer.Constant(Tensor.Zeros([gates * hidden], op.DType), "constant") : Gates(op, op[input], order, hidden);

        // Zeros are what ONNX starts with; only they may change their length with the batch.
        string State(int input, Tensor given) => given.Count == 0 || given.ToArray<double>().All(value => value == 0) && op.Writer.IsLoose(op.Tensor(input)) ? "" : One(op[input]);
    }

    /// <summary>True where a step of y [T, N, H] belongs to its sequence: [T, N, 1].</summary>
    private static string WithinLengths(Emission op, string y)
    {
        var writer = op.Writer;
        string steps = op.Node("Gather", [op.Node("Shape", [y]), writer.Constant(Tensor.Full([], 0, DType.Int64), "constant")]);
        string times = op.Node("Range", [writer.Constant(Tensor.Full([], 0, DType.Int64), "constant"), steps, writer.Constant(Tensor.Full([], 1, DType.Int64), "constant")]);
        string lengths = op.Node("Cast", [op[7]], ("to", (long)OnnxElement.Int64));
        return op.Node("Less", [op.Node("Unsqueeze", [times, writer.Longs(1, 2)]), op.Node("Unsqueeze", [lengths, writer.Longs(0, 2)])]);
    }

    private static string Gates(Emission op, string rows, int[] order, int hidden)
    {
        if (order.Length == 1) return rows;
        string[] parts = op.Writer.Nodes("Split", [rows, op.Writer.Longs([.. Enumerable.Repeat((long)hidden, order.Length)])], order.Length, null, ("axis", 0L));
        return op.Node("Concat", [.. order.Select(gate => parts[gate])], ("axis", 0L));
    }
}
