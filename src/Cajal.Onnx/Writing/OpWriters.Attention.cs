using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal.Onnx;

/// <content>Attention in its parts: opset 17 has no operator for it.</content>
internal static partial class OpWriters
{
    private static void AddAttention(Dictionary<string, Func<Emission, string>> all)
    {
        all["ScaledDotProductAttention"] = static op =>
        {
            var call = op.Details<(Saved, Saved, Saved, Saved, bool HasMask, Saved, AttentionCall Call, Tensor)>();
            return Attend(op, op[0], op[1], op[2], call.HasMask ? op[3] : null, call.Call);
        };
        all["PackedAttention"] = Packed;
    }

    private static string Attend(Emission op, string query, string key, string value, string? mask, AttentionCall call)
    {
        int rank = call.Query.Rank, times = call.Query.Dims[^2], keys = call.Key.Dims[^2];
        int[] turned = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        string scores = op.Node("Mul", [op.Node("MatMul", [query, op.Node("Transpose", [key], ("perm", turned))]), op.Scalar(call.Scale)]);
        if (mask is not null) scores = op.Node("Add", [scores, mask]);
        if (call.Causal)
        {
            var hidden = Tensor.Zeros([times, keys], op.DType).MaskedFill(Tensor.Ones([times, keys], op.DType).Tril().EqualTo(0), double.NegativeInfinity);
            scores = op.Node("Add", [scores, op.Writer.Constant(hidden, "constant")]);
        }
        return op.Node("MatMul", [op.Node("Softmax", [scores], ("axis", -1L)), value]);
    }

    /// <summary>x [N, T, 3 E] (or [T, N, 3 E]) with rows (q, k, v), cut into heads and put together again.</summary>
    private static string Packed(Emission op)
    {
        var (_, _, hasMask, _, call, _, heads, batchFirst) = op.Details<(Saved X, Saved M, bool HasMask, Saved Y, AttentionCall Call, Tensor Sums, int Heads, bool BatchFirst)>();
        string apart = op.Node("Reshape", [op[0], op.Writer.Longs(0, 0, 3 * heads, call.Query.Dims[^1])]);
        string[] parts = op.Writer.Nodes("Split", [apart, op.Writer.Longs(heads, heads, heads)], 3, null, ("axis", 2L));
        int[] order = batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3], back = batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3];
        string[] cut = Array.ConvertAll(parts, part => op.Node("Transpose", [part], ("perm", order)));
        string y = Attend(op, cut[0], cut[1], cut[2], hasMask ? op[1] : null, call);
        return op.Node("Reshape", [op.Node("Transpose", [y], ("perm", back)), op.Writer.Longs(0, 0, -1)]);
    }
}
