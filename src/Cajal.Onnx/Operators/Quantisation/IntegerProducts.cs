namespace Cajal.Onnx;

/// <summary>MatMulInteger, ConvInteger, QLinearMatMul and QLinearConv: products of 8-bit numbers, summed in 32 bits.</summary>
internal static class IntegerProducts
{
    internal static void Register(Registry registry)
    {
        registry.Add("MatMulInteger", [10], _ => static call => call.Return(Multiply(call.X(0), call.XOrNull(2), call.X(1), call.XOrNull(3)), OnnxElement.Int32));
        registry.Add("QLinearMatMul", [10, 21], _ => static call =>
        {
            var sums = Multiply(call.X(0), call.XOrNull(2), call.X(3), call.XOrNull(5));
            var scale = Rows(call.X(1), call.X(0)) * Columns(call.X(4));
            call.Set(0, Requantise(sums, scale, call.Input(6), call.Input(7)));
        });
        registry.Add("ConvInteger", [10], node =>
        {
            var windows = new Windows(node);
            int groups = node.Int("group", 1);
            return call => call.Return(Convolve(call.X(0), call.XOrNull(2), call.X(1), call.XOrNull(3), windows, groups), OnnxElement.Int32);
        });
        registry.Add("QLinearConv", [10], node =>
        {
            var windows = new Windows(node);
            int groups = node.Int("group", 1);
            return call =>
            {
                var sums = Convolve(call.X(0), call.XOrNull(2), call.X(3), call.XOrNull(5), windows, groups);
                int[] channels = [call.X(3).Dims[0], .. Enumerable.Repeat(1, sums.Rank - 2)];
                if (call.Has(8)) sums += call.X(8).Reshape(channels);
                var scale = call.X(1).Reshape() * (call.X(4).Count == 1 ? call.X(4).Reshape() : call.X(4).Reshape(channels));
                call.Set(0, Requantise(sums, scale, call.Input(6), call.Input(7)));
            };
        });
    }

    /// <summary>Two matrices, or many rows and one matrix, go to the 8-bit kernel. Zeros of rows stand in a column, those of columns in a row.</summary>
    private static Tensor Multiply(Tensor a, Tensor? zeroA, Tensor b, Tensor? zeroB)
    {
        if (a.Rank < 2 || b.Rank != 2 || a.Dims[^1] != b.Dims[0] || zeroA is { Rank: > 1 } || zeroB is { Rank: > 1 } || (zeroA is { Count: > 1 } && a.Rank != 2))
            return Centred(a, zeroA is null ? null : Rows(zeroA, a)).MatMul(Centred(b, zeroB is null ? null : Columns(zeroB)));
        int k = b.Dims[0], n = b.Dims[1], m = a.Count / Math.Max(1, k);
        if (k == 0) return Tensor.Zeros([.. a.Dims[..^1], n], DType.Int32);
        int[] rows = Pairs.Rows(a.Contiguous().Span<int>(), m, k, zeroA is null ? [] : zeroA.Contiguous().Span<int>()), columns = PackedWeights.Of(b, zeroB);
        var sums = new int[m * PairProduct.Padded(n)];
        PairProduct.Run(m, n, Pairs.Count(k), rows, columns, sums);
        var y = Tensor.Uninitialised([.. a.Dims[..^1], n], DType.Int32);
        for (int row = 0; row < m; row++) sums.AsSpan(row * PairProduct.Padded(n), n).CopyTo(y.Span<int>().Slice(row * n, n));
        return y;
    }

    private static Tensor Rows(Tensor values, Tensor a) => values.Count == 1 ? values.Reshape() : values.Rank == 1 && a.Rank > 1 ? values.Unsqueeze(1) : values;

    private static Tensor Columns(Tensor values) => values.Count == 1 ? values.Reshape() : values;

    private static Tensor Centred(Tensor x, Tensor? zero) => zero is null ? x : x - zero;

    /// <summary>Images go to the 8-bit kernel; of other ranks, sums are exact in Float64, whose convolution has every case.</summary>
    private static Tensor Convolve(Tensor x, Tensor? zeroX, Tensor weight, Tensor? zeroW, Windows windows, int groups)
    {
        if (x.Rank == 4 && weight.Rank == 4 && groups > 0 && x.Dims[1] == weight.Dims[1] * groups && weight.Dims[0] % groups == 0 && weight.Count > 0)
        {
            var axes = windows.Over(x.Dims.AsSpan(2), weight.Dims.AsSpan(2));
            return IntegerConvolution.Run(x.Contiguous(), zeroX is null ? 0 : (int)zeroX.ElementAt(0), PackedWeights.Filters(weight, zeroW), x.Dims, weight.Dims[0], groups, axes[0], axes[1]);
        }
        if (zeroW is not null) zeroW = zeroW.Count == 1 ? zeroW.Reshape() : zeroW.Reshape([zeroW.Count, .. Enumerable.Repeat(1, weight.Rank - 1)]);
        return Convolutions.Convolve(Centred(x, zeroX?.Reshape()).Cast(DType.Float64), Centred(weight, zeroW).Cast(DType.Float64), null, windows, groups).Cast(DType.Int32);
    }

    private static OnnxTensor Requantise(Tensor sums, Tensor scale, OnnxTensor newScale, OnnxTensor zero) =>
        QuantizeLinear.Quantise(sums.Cast(scale.DType) * scale, Columns(newScale.Data), Columns(zero.Data), zero.Element);
}
