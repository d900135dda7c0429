using System.Numerics;
using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed unsafe partial class CpuBackend
{
    internal override Tensor Recurrent(RecurrentCall call, bool keep, out (Tensor? Gates, Tensor? Cells) kept) => call.Kind switch
    {
        RecurrentKind.Lstm when Vector512.IsHardwareAccelerated => Recurrent<LstmKernel512>(call, keep, out kept),
        RecurrentKind.Gru when Vector512.IsHardwareAccelerated => Recurrent<GruKernel512>(call, keep, out kept),
        RecurrentKind.Lstm => Recurrent<LstmKernel>(call, keep, out kept),
        RecurrentKind.Gru => Recurrent<GruKernel>(call, keep, out kept),
        RecurrentKind.Relu => Recurrent<ReluKernel>(call, keep, out kept),
        _ => Recurrent<TanhKernel>(call, keep, out kept),
    };

    internal override RecurrentSlopes RecurrentBackward(RecurrentCall call, Tensor output, (Tensor? Gates, Tensor? Cells) kept, Tensor upstream, RecurrentNeeds needs) => call.Kind switch
    {
        RecurrentKind.Lstm when Vector512.IsHardwareAccelerated => RecurrentBackward<LstmKernel512>(call, output, kept, upstream, needs),
        RecurrentKind.Gru when Vector512.IsHardwareAccelerated => RecurrentBackward<GruKernel512>(call, output, kept, upstream, needs),
        RecurrentKind.Lstm => RecurrentBackward<LstmKernel>(call, output, kept, upstream, needs),
        RecurrentKind.Gru => RecurrentBackward<GruKernel>(call, output, kept, upstream, needs),
        RecurrentKind.Relu => RecurrentBackward<ReluKernel>(call, output, kept, upstream, needs),
        _ => RecurrentBackward<TanhKernel>(call, output, kept, upstream, needs),
    };

    private static Tensor Recurrent<TCell>(RecurrentCall call, bool keep, out (Tensor? Gates, Tensor? Cells) kept) where TCell : struct, IRecurrentCell
    {
        var dtype = call.X.DType;
        var output = Tensor.Uninitialised([call.AppendCell ? call.Steps + 1 : call.Steps, call.Batch, call.Hidden], dtype);
        var gates = Tensor.Uninitialised([call.Steps, call.Batch, TCell.Kept * call.Hidden], dtype);
        var cells = TCell.HasCell ? Tensor.Uninitialised([call.Steps, call.Batch, call.Hidden], dtype) : null;
        if (dtype == DType.Float32) RecurrentForward<float, TCell>(call, output, gates, cells);
        else if (dtype == DType.Float64) RecurrentForward<double, TCell>(call, output, gates, cells);
        else throw NotComputable(call.Kind.ToString(), dtype);
        // Without gates of their own the simple cells go back from h alone.
        kept = keep ? (TCell.Kept > 1 ? gates : null, cells) : default;
        return output;
    }

    private static void RecurrentForward<T, TCell>(RecurrentCall call, Tensor output, Tensor gates, Tensor? cells)
        where T : unmanaged, INumberBase<T>
        where TCell : struct, IRecurrentCell
    {
        int hidden = call.Hidden, rows = TCell.Gates * hidden, items = call.Steps * call.Batch;
        var bias = Tensor.Uninitialised([TCell.Kept * hidden], output.DType);
        AddBiases<T, TCell>(call, bias.Span<T>());
        var packed = Tensor.Uninitialised([StepProduct<T>.Length(hidden, rows)], output.DType);
        fixed (T* x = call.X.Span<T>(), h0 = call.Initial.Span<T>(), c0 = SpanOf<T>(call.InitialCell), wx = call.InputWeight.Span<T>(), wh = call.HiddenWeight.Span<T>(),
            b = bias.Span<T>(), p = packed.Span<T>(), y = output.Span<T>(), own = gates.Span<T>(), c = SpanOf<T>(cells))
        fixed (int* lengths = call.Lengths)
        {
            Gemm.Multiply(items, rows, call.Width, x, call.Width, 1, wx, 1, call.Width, own, TCell.Kept * hidden, accumulate: false);
            Recurrence<T, TCell>.Forward(new RecurrentProblem<T>
            {
                Steps = call.Steps, Batch = call.Batch, Hidden = hidden, Reverse = call.Reverse, Lengths = lengths, Kept = own, Bias = b, Initial = h0, Output = y,
                InitialCell = c0, Cells = c, Weight = new StepProduct<T>(p, hidden, rows, wh, 1, hidden),
            });
            if (!call.AppendCell) return;
            int plane = call.Batch * hidden;
            T* last = call.Reverse ? c : c + (nint)(call.Steps - 1) * plane;
            new ReadOnlySpan<T>(last, plane).CopyTo(new Span<T>(y + (nint)call.Steps * plane, plane));
        }
    }

    /// <summary>Biases of one gate are one number, except where the cell keeps the hidden part of its last gate apart.</summary>
    private static void AddBiases<T, TCell>(RecurrentCall call, Span<T> sum)
        where T : unmanaged, INumberBase<T>
        where TCell : struct, IRecurrentCell
    {
        sum.Clear();
        if (call.InputBias is null && call.HiddenBias is null) return;
        int rows = TCell.Gates * call.Hidden, apart = TCell.Kept > TCell.Gates ? call.Hidden : 0;
        if (call.InputBias is { } input) input.Span<T>().CopyTo(sum);
        if (call.HiddenBias is not { } bias) return;
        var own = bias.Span<T>();
        for (int i = 0; i < rows - apart; i++) sum[i] += own[i];
        own[(rows - apart)..].CopyTo(sum[rows..]);
    }

    private static RecurrentSlopes RecurrentBackward<TCell>(RecurrentCall call, Tensor output, (Tensor? Gates, Tensor? Cells) kept, Tensor upstream, RecurrentNeeds needs)
        where TCell : struct, IRecurrentCell
    {
        var dtype = call.X.DType;
        int hidden = call.Hidden;
        var slopes = Tensor.Uninitialised([call.Steps, call.Batch, TCell.Kept * hidden], dtype);
        var result = new RecurrentSlopes(
            needs.X ? Tensor.Uninitialised(call.X.Dims, dtype) : null, Tensor.Uninitialised([call.Batch, hidden], dtype),
            TCell.HasCell ? Tensor.Uninitialised([call.Batch, hidden], dtype) : null,
            needs.InputWeight ? Tensor.Uninitialised(call.InputWeight.Dims, dtype) : null, needs.HiddenWeight ? Tensor.Uninitialised(call.HiddenWeight.Dims, dtype) : null, null, null);
        upstream = upstream.Contiguous();
        if (dtype == DType.Float32) RecurrentBackward<float, TCell>(call, output, kept, upstream, slopes, in result);
        else RecurrentBackward<double, TCell>(call, output, kept, upstream, slopes, in result);
        if (call.InputBias is null && call.HiddenBias is null) return result;

        var sums = Instance.Reduce(TensorOps.SumKernel, slopes, [true, true, false]).Reshape(-1);
        if (TCell.Kept == TCell.Gates) return result with { InputBias = sums, HiddenBias = sums };
        return result with
        {
            InputBias = Tensor.Concat([sums.Narrow(0, hidden, (TCell.Gates - 1) * hidden), sums.Narrow(0, 0, hidden)]),
            HiddenBias = sums.Narrow(0, hidden, TCell.Gates * hidden),
        };
    }

    private static void RecurrentBackward<T, TCell>(
        RecurrentCall call, Tensor output, (Tensor? Gates, Tensor? Cells) kept, Tensor upstream, Tensor slopes, in RecurrentSlopes result)
        where T : unmanaged, INumberBase<T>
        where TCell : struct, IRecurrentCell
    {
        int hidden = call.Hidden, rows = TCell.Gates * hidden, wide = TCell.Kept * hidden, width = call.Width, items = call.Steps * call.Batch, plane = call.Batch * hidden;
        var packed = Tensor.Uninitialised([StepProduct<T>.Length(rows, hidden)], output.DType);
        fixed (T* x = call.X.Span<T>(), h0 = call.Initial.Span<T>(), c0 = SpanOf<T>(call.InitialCell), wx = call.InputWeight.Span<T>(), wh = call.HiddenWeight.Span<T>(),
            p = packed.Span<T>(), y = output.Span<T>(), own = SpanOf<T>(kept.Gates), c = SpanOf<T>(kept.Cells), g = upstream.Span<T>(), d = slopes.Span<T>(),
            dx = SpanOf<T>(result.X), dh0 = result.Initial.Span<T>(), dc0 = SpanOf<T>(result.InitialCell), dwx = SpanOf<T>(result.InputWeight), dwh = SpanOf<T>(result.HiddenWeight))
        fixed (int* lengths = call.Lengths)
        {
            if (TCell.HasCell)
            {
                var last = new Span<T>(dc0, plane);
                if (call.AppendCell) new ReadOnlySpan<T>(g + (nint)call.Steps * plane, plane).CopyTo(last);
                else last.Clear();
            }
            Recurrence<T, TCell>.Backward(new RecurrentProblem<T>
            {
                Steps = call.Steps, Batch = call.Batch, Hidden = hidden, Reverse = call.Reverse, Lengths = lengths, Kept = own, Initial = h0, Output = y, InitialCell = c0, Cells = c,
                Weight = new StepProduct<T>(p, rows, hidden, wh, hidden, 1), Upstream = g, Slopes = d, InitialSlope = dh0, CellSlope = dc0,
            });

            if (dwh != null)
            {
                // The weights met every step: one product over all of them, with h as it was one step earlier.
                T* inner = d + (wide - rows);
                nint step = (nint)call.Batch * wide;
                T* later = call.Reverse ? inner : inner + step, earlier = call.Reverse ? y + plane : y, first = call.Reverse ? inner + (call.Steps - 1) * step : inner;
                Gemm.Multiply(rows, hidden, items - call.Batch, later, 1, wide, earlier, hidden, 1, dwh, hidden, accumulate: false);
                Gemm.Multiply(rows, hidden, call.Batch, first, 1, wide, h0, hidden, 1, dwh, hidden, accumulate: true);
            }

            // Blocks of the slopes in the order of the input's weights: the gate that is kept apart stands first there, last here.
            int apart = wide - rows, front = rows - apart;
            if (dwx != null)
            {
                Gemm.Multiply(front, width, items, d + apart, 1, wide, x, width, 1, dwx, width, accumulate: false);
                Gemm.Multiply(apart, width, items, d, 1, wide, x, width, 1, dwx + (nint)front * width, width, accumulate: false);
            }
            if (dx == null) return;
            Gemm.Multiply(items, width, front, d + apart, wide, 1, wx, width, 1, dx, width, accumulate: false);
            Gemm.Multiply(items, width, apart, d, wide, 1, wx + (nint)front * width, width, 1, dx, width, accumulate: true);
        }
    }

    private static Span<T> SpanOf<T>(Tensor? x) where T : unmanaged => x is null ? default : x.Span<T>();
}
