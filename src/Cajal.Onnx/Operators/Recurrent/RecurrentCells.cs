namespace Cajal.Onnx;

/// <summary>The state of a recurrent layer between two steps: h, and c for an LSTM.</summary>
internal readonly record struct CellState(Tensor H, Tensor? C);

/// <summary>One step of a recurrent layer in ordinary ops, for the settings that Cajal's fused recurrences do not have.</summary>
/// <param name="settings">Activations, clipping, order of operations.</param>
/// <param name="weights">Of one direction.</param>
internal abstract class RecurrentCell(RecurrentSettings settings, DirectionWeights weights)
{
    protected RecurrentSettings Settings => settings;

    protected DirectionWeights Weights => weights;

    /// <param name="x">W x of this step [N, gates · H], without biases.</param>
    /// <param name="state">Before it.</param>
    internal abstract CellState Step(Tensor x, CellState state);

    protected Tensor Clip(Tensor x) => settings.Clip is { } limit ? x.Clamp(-limit, limit) : x;

    /// <summary>One gate's columns of sums, or its share of biases.</summary>
    protected Tensor Gate(Tensor sums, int gate) => sums.Narrow(-1, gate * weights.Hidden, weights.Hidden);
}

/// <summary>h' = f(W x + U h + b).</summary>
internal sealed class PlainCell(RecurrentSettings settings, DirectionWeights weights, Func<Tensor, Tensor>[] f) : RecurrentCell(settings, weights)
{
    internal override CellState Step(Tensor x, CellState state) => new(f[0](Clip(x + state.H.MatMul(Weights.Recurrent.T) + Weights.BothBiases)), null);
}

/// <summary>Gates z, r and candidate h, in ONNX's order.</summary>
internal sealed class GatedCell(RecurrentSettings settings, DirectionWeights weights, Func<Tensor, Tensor>[] f) : RecurrentCell(settings, weights)
{
    internal override CellState Step(Tensor x, CellState state)
    {
        var h = state.H;
        int gates = 2 * Weights.Hidden;
        var both = f[0](Clip(x.Narrow(-1, 0, gates) + h.MatMul(Weights.Recurrent.Narrow(0, 0, gates).T) + Weights.BothBiases.Narrow(0, 0, gates)));
        Tensor z = Gate(both, 0), r = Gate(both, 1);
        var u = Weights.Recurrent.Narrow(0, gates, Weights.Hidden).T;
        Tensor inputBias = Gate(Weights.InputBias, 2), hiddenBias = Gate(Weights.RecurrentBias, 2);
        var candidate = f[1](Clip(Settings.ResetAfter
            ? Gate(x, 2) + r * (h.MatMul(u) + hiddenBias) + inputBias
            : Gate(x, 2) + (r * h).MatMul(u) + hiddenBias + inputBias));
        return new((1 - z) * candidate + z * h, null);
    }
}

/// <summary>Gates i, o, f and candidate c, in ONNX's order, with peepholes (Gers et al. 2002).</summary>
internal sealed class MemoryCell(RecurrentSettings settings, DirectionWeights weights, Func<Tensor, Tensor>[] f) : RecurrentCell(settings, weights)
{
    internal override CellState Step(Tensor x, CellState state)
    {
        var sums = x + state.H.MatMul(Weights.Recurrent.T) + Weights.BothBiases;
        Tensor Peep(Tensor sum, int gate, Tensor c) => Weights.Peepholes is { } p ? sum + Gate(p, gate) * c : sum;
        var before = state.C!;
        var i = f[0](Clip(Peep(Gate(sums, 0), 0, before)));
        var forget = Settings.InputForget ? 1 - i : f[0](Clip(Peep(Gate(sums, 2), 2, before)));
        var c = forget * before + i * f[1](Clip(Gate(sums, 3)));
        var o = f[0](Clip(Peep(Gate(sums, 1), 1, c)));
        return new(o * f[2](c), c);
    }
}
