using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <summary>Backpropagation through time in ordinary, differentiable ops: the form beside the fused kernel, for derivatives of derivatives.</summary>
internal static class ComposedRecurrence
{
    /// <summary>The pointwise part of a cell, on one step.</summary>
    private abstract class Cell
    {
        /// <summary>h and c after a step that the sums <paramref name="x"/> (input part) and <paramref name="q"/> (hidden part) entered.</summary>
        internal abstract (Tensor H, Tensor? C, Tensor[] Kept) Forward(Tensor x, Tensor q, Tensor h, Tensor? c);

        /// <summary>The gradients of x, of q, of the previous h as far as it does not pass through q, and of the previous c.</summary>
        internal abstract (Tensor X, Tensor Q, Tensor? H, Tensor? C) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dh, Tensor? dc);
    }

    private sealed record Step(int Time, Tensor H, Tensor? C, Tensor[] Kept, Tensor? Live);

    /// <summary>The gradients of x, the initial h and c, both weights and both biases, in this order.</summary>
    internal static Tensor?[] Slopes(RecurrentCall call, Tensor g)
    {
        Cell cell = call.Kind switch { RecurrentKind.Lstm => new LstmCell(), RecurrentKind.Gru => new GruCell(), RecurrentKind.Relu => new ReluCell(), _ => new TanhCell() };
        var live = call.Lengths is { } lengths ? TensorOps.StepsWithin(Tensor.From(lengths), call.Steps, g.DType) : null;
        var steps = Forward(call, cell, live);

        var dh = Tensor.Zeros(call.Initial.Shape, g.DType);
        var dc = call.InitialCell is null ? null : call.AppendCell ? g.Select(0, call.Steps) : Tensor.Zeros(call.InitialCell.Shape, g.DType);
        Tensor[] dx = new Tensor[call.Steps], dq = new Tensor[call.Steps], before = new Tensor[call.Steps];
        for (int i = call.Steps - 1; i >= 0; i--)
        {
            var step = steps[i];
            dh += g.Select(0, step.Time);
            var (heldH, heldC) = (Held(dh, step.Live), Held(dc, step.Live));
            var slopes = cell.Backward(step.Kept, step.H, step.C, Live(dh, step.Live)!, Live(dc, step.Live));
            (dx[step.Time], dq[step.Time], before[step.Time]) = (slopes.X, slopes.Q, step.H);
            dh = Plus(Plus(slopes.Q.MatMul(call.HiddenWeight), slopes.H)!, heldH)!;
            dc = Plus(slopes.C, heldC);
        }

        Tensor DX = Tensor.Stack(dx), DQ = Tensor.Stack(dq), H = Tensor.Stack(before);
        return
        [
            DX.MatMul(call.InputWeight), dh, dc, DX.Flatten(0, 1).T.MatMul(call.X.Flatten(0, 1)), DQ.Flatten(0, 1).T.MatMul(H.Flatten(0, 1)),
            call.InputBias is null ? null : DX.Sum([0, 1]), call.HiddenBias is null ? null : DQ.Sum([0, 1]), null,
        ];
    }

    /// <summary>The states before each step, in the order of computation.</summary>
    private static Step[] Forward(RecurrentCall call, Cell cell, Tensor? live)
    {
        var x = call.X.MatMul(call.InputWeight.T);
        if (call.InputBias is { } inputBias) x += inputBias;
        var (h, c) = (call.Initial, call.InitialCell);
        var steps = new Step[call.Steps];
        for (int i = 0; i < steps.Length; i++)
        {
            int time = call.Reverse ? call.Steps - 1 - i : i;
            var q = h.MatMul(call.HiddenWeight.T);
            if (call.HiddenBias is { } hiddenBias) q += hiddenBias;
            var next = cell.Forward(x.Select(0, time), q, h, c);
            var present = live?.Select(0, time);
            steps[i] = new(time, h, c, next.Kept, present);
            h = Plus(Live(next.H, present)!, Held(h, present))!;
            c = Plus(Live(next.C, present), Held(c, present));
        }
        return steps;
    }

    private static Tensor? Live(Tensor? x, Tensor? live) => x is null || live is null ? x : TensorOps.KeepWhere(x, live);

    private static Tensor? Held(Tensor? x, Tensor? live) => x is null || live is null ? null : TensorOps.KeepWhere(x, 1 - live);

    private static Tensor? Plus(Tensor? a, Tensor? b) => a is null ? b : b is null ? a : a + b;

    private sealed class TanhCell : Cell
    {
        internal override (Tensor, Tensor?, Tensor[]) Forward(Tensor x, Tensor q, Tensor h, Tensor? c)
        {
            var y = (x + q).Tanh();
            return (y, null, [y]);
        }

        internal override (Tensor, Tensor, Tensor?, Tensor?) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dh, Tensor? dc)
        {
            var slope = dh * (1 - kept[0].Square());
            return (slope, slope, null, null);
        }
    }

    private sealed class ReluCell : Cell
    {
        internal override (Tensor, Tensor?, Tensor[]) Forward(Tensor x, Tensor q, Tensor h, Tensor? c)
        {
            var y = (x + q).Relu();
            return (y, null, [y]);
        }

        internal override (Tensor, Tensor, Tensor?, Tensor?) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dh, Tensor? dc)
        {
            var slope = TensorOps.KeepWhere(dh, (kept[0] > 0).Cast(dh.DType));
            return (slope, slope, null, null);
        }
    }

    private sealed class LstmCell : Cell
    {
        internal override (Tensor, Tensor?, Tensor[]) Forward(Tensor x, Tensor q, Tensor h, Tensor? c)
        {
            var sums = (x + q).Chunk(4, 1);
            Tensor i = sums[0].Sigmoid(), f = sums[1].Sigmoid(), g = sums[2].Tanh(), o = sums[3].Sigmoid();
            var next = f * c! + i * g;
            var bent = next.Tanh();
            return (o * bent, next, [i, f, g, o, bent]);
        }

        internal override (Tensor, Tensor, Tensor?, Tensor?) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dh, Tensor? dc)
        {
            Tensor i = kept[0], f = kept[1], g = kept[2], o = kept[3], bent = kept[4];
            var slope = dc! + dh * o * (1 - bent.Square());
            var sums = Tensor.Concat([slope * g * i * (1 - i), slope * c! * f * (1 - f), slope * i * (1 - g.Square()), dh * bent * o * (1 - o)], 1);
            return (sums, sums, null, slope * f);
        }
    }

    private sealed class GruCell : Cell
    {
        internal override (Tensor, Tensor?, Tensor[]) Forward(Tensor x, Tensor q, Tensor h, Tensor? c)
        {
            var (xs, qs) = (x.Chunk(3, 1), q.Chunk(3, 1));
            Tensor r = (xs[0] + qs[0]).Sigmoid(), z = (xs[1] + qs[1]).Sigmoid(), n = (xs[2] + r * qs[2]).Tanh();
            return (n + z * (h - n), null, [r, z, n, qs[2]]);
        }

        internal override (Tensor, Tensor, Tensor?, Tensor?) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dh, Tensor? dc)
        {
            Tensor r = kept[0], z = kept[1], n = kept[2], q = kept[3];
            var dn = dh * (1 - z) * (1 - n.Square());
            var dr = dn * q * r * (1 - r);
            var dz = dh * (h - n) * z * (1 - z);
            return (Tensor.Concat([dr, dz, dn], 1), Tensor.Concat([dr, dz, dn * r], 1), dh * z, null);
        }
    }
}
