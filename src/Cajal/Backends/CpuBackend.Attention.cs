using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed unsafe partial class CpuBackend
{
    internal override Tensor Attention(AttentionCall call, Tensor output)
    {
        var logSums = Tensor.Uninitialised([Heads(call) * call.Query.Dims[^2]], output.DType);
        if (output.DType == DType.Float32) Attention<float>(call, output, logSums, null, default);
        else if (output.DType == DType.Float64) Attention<double>(call, output, logSums, null, default);
        else throw NotComputable("ScaledDotProductAttention", output.DType);
        return logSums;
    }

    internal override void AttentionBackward(AttentionCall call, Tensor output, Tensor logSums, Tensor upstream, AttentionSlopes slopes)
    {
        if (upstream.Strides[^1] != 1 && upstream.Dims[^1] > 1) upstream = upstream.Contiguous();
        if (output.DType == DType.Float32) Attention<float>(call, output, logSums, upstream, slopes);
        else Attention<double>(call, output, logSums, upstream, slopes);
    }

    private static void Attention<T>(AttentionCall call, Tensor output, Tensor logSums, Tensor? upstream, AttentionSlopes slopes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (query, key, value, mask) = (call.Query, call.Key, call.Value, call.Mask);
        int heads = Heads(call);
        if (heads == 0) return;
        // One table of offsets for all: every tensor has its stretch.
        Tensor?[] tensors = [query, key, value, output, mask, upstream, slopes.Query, slopes.Key, slopes.Value];
        var tables = new int[heads * tensors.Length];
        for (int i = 0; i < tensors.Length; i++) HeadOffsets(tensors[i], tables.AsSpan(i * heads, heads));
        fixed (int* offsets = tables)
        fixed (T* q = query.SpanFromOffset<T>(), k = key.SpanFromOffset<T>(), v = value.SpanFromOffset<T>(), y = output.SpanFromOffset<T>(), m = FromOffset<T>(mask),
            g = FromOffset<T>(upstream), dq = FromOffset<T>(slopes.Query), dk = FromOffset<T>(slopes.Key), dv = FromOffset<T>(slopes.Value), dm = FromOffset<T>(slopes.Mask),
            sums = logSums.Span<T>())
        {
            T*[] starts = [q, k, v, y, m, g, dq, dk, dv];
            var matrices = new HeadMatrices<T>[tensors.Length];
            for (int i = 0; i < tensors.Length; i++) matrices[i] = new(starts[i], offsets + i * heads, tensors[i]?.Strides[^2] ?? 0);
            var problem = new AttentionProblem<T>
            {
                Heads = heads, Queries = query.Dims[^2], Keys = key.Dims[^2], Width = query.Dims[^1], ValueWidth = value.Dims[^1], Scale = call.Scale, Causal = call.Causal,
                Drop = call.Drop, Random = call.Random, Query = matrices[0], Key = matrices[1], Value = matrices[2], Output = matrices[3], Mask = matrices[4],
                MaskColumn = mask is null || mask.Strides[^1] == 0 ? 0 : 1, LogSums = sums, Upstream = matrices[5], QuerySlope = matrices[6], KeySlope = matrices[7],
                ValueSlope = matrices[8], MaskSlope = dm,
            };
            if (upstream is null) AttentionKernel<T>.Forward(in problem);
            else AttentionKernel<T>.Backward(in problem);
        }
    }

    private static int Heads(AttentionCall call) => Product(call.Query.Dims, 0, call.Query.Rank - 2);

    private static Span<T> FromOffset<T>(Tensor? x) where T : unmanaged => x is null ? default : x.SpanFromOffset<T>();

    /// <summary>Where the matrix of each head starts, counted from the tensor's first element.</summary>
    private static void HeadOffsets(Tensor? x, Span<int> offsets)
    {
        offsets.Clear();
        if (x is null) return;
        var strides = x.Strides;
        int repeat = offsets.Length;
        for (int axis = 0; axis < x.Rank - 2; axis++)
        {
            repeat /= x.Dims[axis];
            for (int head = 0; head < offsets.Length; head++) offsets[head] += head / repeat % x.Dims[axis] * strides[axis];
        }
    }
}
