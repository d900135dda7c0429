namespace Cajal.Onnx;

/// <summary>Conv and ConvTranspose over one to three axes.</summary>
internal static class Convolutions
{
    internal static void Register(Registry registry)
    {
        registry.Add("Conv", [1, 11, 22], node =>
        {
            var windows = new Windows(node);
            int groups = node.Int("group", 1);
            return call => call.Rectified(Convolve(call.X(0), call.X(1), call.XOrNull(2), windows, groups));
        });
        registry.Add("ConvTranspose", [1, 11, 22], node =>
        {
            var windows = new Windows(node);
            int groups = node.Int("group", 1);
            int[]? extra = node.Ints("output_padding"), lengths = node.Ints("output_shape");
            return call => call.Return(Transposed(call.X(0), call.X(1), call.XOrNull(2), windows, groups, extra, lengths));
        });
    }

    internal static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Windows windows, int groups)
    {
        if (x.Rank is < 3 or > 5 || weight.Rank != x.Rank) throw new InvalidOperationException($"one to three spatial axes are supported, and as many in the weight; input {x.Shape}, weight {weight.Shape}.");
        var axes = windows.Over(x.Dims.AsSpan(2), weight.Dims.AsSpan(2));
        int[] padding = Array.ConvertAll(axes, axis => axis.IsSymmetric ? axis.Before : 0);
        if (axes.Any(axis => !axis.IsSymmetric)) x = x.Pad(Array.ConvertAll(axes, axis => axis.IsSymmetric ? (0, 0) : (axis.Before, axis.Behind)));
        PerAxis stride = PerAxis.From(Array.ConvertAll(axes, axis => axis.Stride)), dilation = PerAxis.From(Array.ConvertAll(axes, axis => axis.Dilation)), zeros = PerAxis.From(padding);
        return axes.Length switch
        {
            1 => x.Conv1d(weight, bias, stride, zeros, dilation, groups),
            2 => x.Conv2d(weight, bias, stride, zeros, dilation, groups),
            _ => x.Conv3d(weight, bias, stride, zeros, dilation, groups),
        };
    }

    private static Tensor Transposed(Tensor x, Tensor weight, Tensor? bias, Windows windows, int groups, int[]? extra, int[]? lengths)
    {
        int axes = x.Rank - 2;
        if (axes is < 1 or > 3 || weight.Rank != x.Rank) throw new InvalidOperationException($"one to three spatial axes are supported, and as many in the weight; input {x.Shape}, weight {weight.Shape}.");
        int[] strides = new int[axes], dilations = new int[axes];
        var cuts = new (int Before, int Behind)[axes];
        for (int i = 0; i < axes; i++)
        {
            (strides[i], dilations[i]) = (windows.Stride(i), windows.Dilation(i));
            int added = extra is null ? 0 : extra[i];
            long whole = (x.Dims[i + 2] - 1L) * strides[i] + (weight.Dims[i + 2] - 1L) * dilations[i] + 1;
            var (before, behind) = windows.Pads(i, axes);
            if (lengths is not null || windows.IsSame)
            {
                long wanted = lengths is not null ? lengths[lengths.Length - axes + i] : (long)x.Dims[i + 2] * strides[i];
                long surplus = whole + added - wanted;
                // Places that nothing reaches all come behind.
                before = Numbers.ToInt(surplus < 0 ? 0 : windows.IsSameUpper ? surplus / 2 : surplus - surplus / 2);
                behind = Numbers.ToInt(surplus - before);
            }
            // What is cut off behind may be less than nothing: those places hold the bias alone.
            cuts[i] = (-before, added - behind);
        }
        PerAxis stride = PerAxis.From(strides), dilation = PerAxis.From(dilations);
        var y = axes switch
        {
            1 => x.ConvTranspose1d(weight, null, stride, default, default, dilation, groups),
            2 => x.ConvTranspose2d(weight, null, stride, default, default, dilation, groups),
            _ => x.ConvTranspose3d(weight, null, stride, default, default, dilation, groups),
        };
        y = y.Pad(cuts);
        return bias is null ? y : y + bias.Reshape([bias.Count, .. Enumerable.Repeat(1, axes)]);
    }
}
