using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// What the recurrent ops share: shape rules, the record on the tape, and backpropagation through time. A sequence is one node: the fused kernel goes back
/// through all steps at once; where the graph of the gradient is wanted, <see cref="ComposedRecurrence"/> does the same in ordinary ops.
/// </content>
public static partial class TensorOps
{
    /// <summary>Stands for an input that is not there: no gradient flows to it.</summary>
    private static readonly Tensor NoTensor = Tensor.Scalar(0f);

    /// <summary>A recurrence over x [T, N, C] → [T, N, H], with the last c behind it if <paramref name="appendCell"/>.</summary>
    private static Tensor Recurrent(
        string op, RecurrentKind kind, Tensor x, Tensor inputWeight, Tensor hiddenWeight, Tensor? inputBias, Tensor? hiddenBias, Tensor? initial, Tensor? initialCell,
        bool reverse, Tensor? lengths, bool appendCell)
    {
        int gates = kind switch { RecurrentKind.Lstm => 4, RecurrentKind.Gru => 3, _ => 1 };
        CheckRecurrent(op, gates, x, inputWeight, hiddenWeight, inputBias, hiddenBias);
        Promote(ref x, ref inputWeight);
        x = x.AsFloating();
        int batch = x.Dims[1], hidden = hiddenWeight.Dims[1];
        int[]? ends = lengths is null ? null : SequenceLengths(op, lengths, x.Dims[0], batch);
        // What lies behind the end of a sequence must not matter, not even where it is NaN.
        if (lengths is not null) x = KeepWhere(x, StepsWithin(lengths, x.Dims[0], x.DType));
        var call = new RecurrentCall(kind, Ready(x), State("initial", initial), kind == RecurrentKind.Lstm ? State("initialCell", initialCell) : null,
            Ready(inputWeight), Ready(hiddenWeight), inputBias is null ? null : Ready(inputBias), hiddenBias is null ? null : Ready(hiddenBias), ends, reverse, appendCell);
        Tensor[] inputs = [call.X, call.Initial, call.InitialCell ?? NoTensor, call.InputWeight, call.HiddenWeight, call.InputBias ?? NoTensor, call.HiddenBias ?? NoTensor];
        var y = Backend.Of(x).Recurrent(call, Tape.Tracks(inputs), out var kept);
        ProductCounter.Count((long)call.Steps * batch * inputWeight.Count, x, inputWeight);
        ProductCounter.Count((long)call.Steps * batch * hiddenWeight.Count, x, hiddenWeight);
        // The lengths have no gradient; they are there for those who read the record.
        return Tape.Record(op, y, lengths is null ? inputs : [.. inputs, lengths], (Call: call, Inputs: Array.ConvertAll(inputs, input => (Saved)input), Y: (Saved)y, Kept: kept), static (g, saved, needs) =>
        {
            // The call holds the same tensors; asking for them here finds out whether one was changed.
            foreach (var input in saved.Inputs) _ = input.Value;
            if (GradMode.IsEnabled) return new(ComposedRecurrence.Slopes(saved.Call, g));
            var slopes = Backend.Of(g).RecurrentBackward(saved.Call, saved.Y, saved.Kept, g, new(needs[0], needs[3], needs[4]));
            return new([slopes.X, slopes.Initial, slopes.InitialCell, slopes.InputWeight, slopes.HiddenWeight, slopes.InputBias, slopes.HiddenBias, null]);
        });

        Tensor Ready(Tensor tensor) => tensor.Cast(x.DType).Contiguous();

        Tensor State(string name, Tensor? state)
        {
            if (state is null) return Tensor.Zeros([batch, hidden], x.DType);
            if (state.Rank == 2 && state.Dims[0] == batch && state.Dims[1] == hidden) return Ready(state);
            throw new ShapeException($"{op}: {name} must be [N, H] = [{batch}, {hidden}], but it is {state.Shape}; x is {x.Shape}.");
        }
    }

    private static void CheckRecurrent(string op, int gates, Tensor x, Tensor inputWeight, Tensor hiddenWeight, Tensor? inputBias, Tensor? hiddenBias)
    {
        if (x.Rank != 3) throw new ShapeException($"{op}: x must be [T, N, C], but it is {x.Shape}.");
        if (x.Dims[0] == 0) throw new ShapeException($"{op}: the sequence must have at least one step, but x is {x.Shape}.");
        string factor = gates == 1 ? "" : $"{gates} ";
        if (hiddenWeight.Rank != 2 || hiddenWeight.Dims[0] != gates * hiddenWeight.Dims[1] || hiddenWeight.Dims[1] == 0)
            throw new ShapeException($"{op}: hiddenWeight must be [{factor}H, H], but it is {hiddenWeight.Shape}.");
        int rows = hiddenWeight.Dims[0];
        if (inputWeight.Rank != 2 || inputWeight.Dims[0] != rows || inputWeight.Dims[1] != x.Dims[2])
            throw new ShapeException($"{op}: inputWeight must be [{factor}H, C] = [{rows}, {x.Dims[2]}], but it is {inputWeight.Shape}; x is {x.Shape}, hiddenWeight {hiddenWeight.Shape}.");
        foreach (var (name, bias) in new[] { ("inputBias", inputBias), ("hiddenBias", hiddenBias) })
        {
            if (bias is not null && (bias.Rank != 1 || bias.Dims[0] != rows)) throw new ShapeException($"{op}: {name} must be [{factor}H] = [{rows}], but it is {bias.Shape}.");
        }
    }

    private static int[] SequenceLengths(string op, Tensor lengths, int steps, int batch)
    {
        if (lengths.DType is not (DType.Int64 or DType.Int32)) throw new ShapeException($"{op}: lengths must hold whole numbers (Int64), not {lengths.DType}.");
        if (lengths.Rank != 1 || lengths.Dims[0] != batch) throw new ShapeException($"{op}: lengths must be [N] = [{batch}], one for each sequence, but it is {lengths.Shape}.");
        int[] ends = lengths.ToArray<int>();
        for (int n = 0; n < batch; n++)
        {
            if (ends[n] < 0 || ends[n] > steps) throw new ArgumentException($"{op}: length {n} is {ends[n]}, but the sequences have {steps} steps; lengths run from 0 to {steps}.", nameof(lengths));
        }
        return ends;
    }

    /// <summary>1 where a step belongs to its sequence, 0 behind its end: [T, N, 1].</summary>
    internal static Tensor StepsWithin(Tensor lengths, int steps, DType dtype) =>
        (Tensor.Arange(steps, lengths.DType).Reshape(steps, 1, 1) < lengths.Reshape(1, lengths.Dims[0], 1)).Cast(dtype);
}
