namespace Cajal.Onnx;

/// <summary>8-bit layers from Float32 to Float32 in one node, as <see cref="IntegerFuser"/> makes them: x, weight, scale and zero of x, scales and biases of the outputs.</summary>
internal static class FusedLayers
{
    internal const string Domain = "cajal.fused";

    internal static void Register(Registry registry)
    {
        registry.Add(Domain, "MatMulInteger", [1], node =>
        {
            bool rectifies = node.Flag("rectifies");
            return call => call.Return(Dense(call, rectifies));
        });
        registry.Add(Domain, "ConvInteger", [1], node =>
        {
            bool rectifies = node.Flag("rectifies");
            int groups = node.Int("group", 1);
            var windows = new Windows(node);
            return call => call.Return(Convolution(call, windows, groups, rectifies));
        });
    }

    private static Tensor Dense(Call call, bool rectifies)
    {
        Tensor x = call.X(0).Cast(DType.Float32).Contiguous(), weight = call.X(1);
        int k = weight.Dims[0], n = weight.Dims[1], pairs = Pairs.Count(k), width = PairProduct.Padded(n);
        if (x.Rank < 2 || x.Dims[^1] != k) call.Refuse($"the input must have rows of {k}, but it is {x.Shape}.");
        int m = x.Count / k;
        int[] columns = PackedWeights.Of(weight, null);
        var scratch = Scratch.Of(m * pairs + m * width + k);
        Span<int> rows = scratch.AsSpan(0, m * pairs), sums = scratch.AsSpan(m * pairs, m * width), line = scratch.AsSpan(m * (pairs + width), k);
        float scale = (float)call.X(2).ElementAt(0);
        int zero = (int)call.X(3).ElementAt(0);
        for (int row = 0; row < m; row++)
        {
            Epilogue.Quantise(x.Span<float>().Slice(row * k, k), scale, zero, line);
            var to = rows.Slice(row * pairs, pairs);
            for (int i = 0; i < k / 2; i++) to[i] = Pairs.Pair(line[2 * i], line[2 * i + 1]);
            if (k % 2 == 1) to[^1] = Pairs.Pair(line[k - 1], 0);
        }
        PairProduct.Run(m, n, pairs, rows, columns, sums);
        var y = Tensor.Uninitialised([.. x.Dims[..^1], n], DType.Float32);
        var (scales, bias) = (PerOutput(call.X(4), n), call.Has(5) ? PerOutput(call.X(5), n) : new float[n]);
        for (int row = 0; row < m; row++) Epilogue.ScaleRow(sums.Slice(row * width, n), scales, bias, rectifies, y.Span<float>().Slice(row * n, n));
        return y;
    }

    private static Tensor Convolution(Call call, Windows windows, int groups, bool rectifies)
    {
        Tensor x = call.X(0).Cast(DType.Float32).Contiguous(), weight = call.X(1);
        if (x.Rank != 4 || groups < 1 || x.Dims[1] != weight.Dims[1] * groups || weight.Dims[0] % groups != 0) call.Refuse($"input {x.Shape} and weight {weight.Shape} do not fit in {groups} groups.");
        var axes = windows.Over(x.Dims.AsSpan(2), weight.Dims.AsSpan(2));
        var whole = Tensor.Uninitialised(x.Dims, DType.Int32);
        Epilogue.Quantise(x.Span<float>(), (float)call.X(2).ElementAt(0), (int)call.X(3).ElementAt(0), whole.Span<int>());
        int outputs = weight.Dims[0];
        var (scales, bias) = (PerOutput(call.X(4), outputs), call.Has(5) ? PerOutput(call.X(5), outputs) : new float[outputs]);
        return IntegerConvolution.Run(whole, PackedWeights.Filters(weight, null), x.Dims, outputs, groups, axes[0], axes[1], new(scales, bias, rectifies));
    }

    /// <summary>A number for each output, also where one serves all.</summary>
    private static float[] PerOutput(Tensor values, int outputs)
    {
        float[] numbers = values.ToArray<float>();
        return numbers.Length == outputs ? numbers : [.. Enumerable.Repeat(numbers[0], outputs)];
    }

    /// <summary>Numbers between the steps of one layer, kept by each thread that runs graphs.</summary>
    private static class Scratch
    {
        [ThreadStatic]
        private static int[]? kept;

        internal static int[] Of(int length) => kept is { } known && known.Length >= length ? known : kept = new int[length];
    }
}
