namespace Cajal.Onnx;

/// <summary>DeformConv (Dai et al. 2017): a convolution whose taps are moved by offsets and weighed by a mask. Gradients flow to input, weight, mask, offset and bias.</summary>
internal static class DeformableConvolution
{
    internal static void Register(Registry registry) => registry.Add("DeformConv", [19, 22], node =>
    {
        var windows = new Windows(node);
        int groups = node.Int("group", 1), offsetGroups = node.Int("offset_group", 1);
        return call => call.Return(Convolve(call.X(0), call.X(1), call.X(2), call.XOrNull(3), call.XOrNull(4), windows, groups, offsetGroups));
    });

    private static Tensor Convolve(Tensor x, Tensor weight, Tensor offset, Tensor? bias, Tensor? mask, Windows windows, int groups, int offsetGroups)
    {
        if (x.Rank != 4 || weight.Rank != 4) throw new InvalidOperationException($"images [N, C, H, W] are supported; x {x.Shape}, weight {weight.Shape}.");
        var axes = windows.Over(x.Dims.AsSpan(2), weight.Dims.AsSpan(2));
        int batch = x.Dims[0], channels = x.Dims[1], filters = weight.Dims[0], h = x.Dims[2], w = x.Dims[3];
        int taps = axes[0].Taps * axes[1].Taps, positions = axes[0].Count * axes[1].Count;
        if (groups < 1 || offsetGroups < 1 || channels % groups != 0 || filters % groups != 0 || channels % offsetGroups != 0) throw new InvalidOperationException($"{channels} channels and {filters} filters cannot be cut into {groups} groups and {offsetGroups} offset groups.");
        // Offsets [N, groups, taps, (y, x), positions] move every tap of every position.
        var moved = offset.Reshape(batch, offsetGroups, taps, 2, positions);
        var y = moved.Select(3, 0) + Start(axes[0], axes[1], down: true, x.DType).Reshape(taps, positions);
        var u = moved.Select(3, 1) + Start(axes[0], axes[1], down: false, x.DType).Reshape(taps, positions);
        var planes = x.Reshape(batch, offsetGroups, channels / offsetGroups, h * w);
        Tensor top = y.Detach().Floor(), left = u.Detach().Floor();
        Tensor down = y - top, across = u - left;
        var patches = Read(0, 0, (1 - down) * (1 - across)) + Read(0, 1, (1 - down) * across) + Read(1, 0, down * (1 - across)) + Read(1, 1, down * across);
        if (mask is not null) patches *= mask.Reshape(batch, offsetGroups, 1, taps * positions);
        // [N, groups, C / groups · taps, positions] times [groups, O / groups, C / groups · taps].
        var columns = patches.Reshape(batch, groups, channels / groups * taps, positions);
        var result = weight.Reshape(1, groups, filters / groups, -1).MatMul(columns).Reshape(batch, filters, axes[0].Count, axes[1].Count);
        return bias is null ? result : result + bias.Reshape(filters, 1, 1);

        Tensor Read(int below, int right, Tensor share)
        {
            Tensor row = top + below, column = left + right;
            var inside = (row >= 0) & (row <= h - 1) & (column >= 0) & (column <= w - 1);
            var place = (row.Clamp(0, h - 1) * w + column.Clamp(0, w - 1)).Cast(DType.Int64).Reshape(batch, offsetGroups, 1, taps * positions);
            var read = planes.Gather(3, place.Expand(batch, offsetGroups, channels / offsetGroups, taps * positions).Contiguous());
            return read * TensorOps.KeepWhere(share, inside.Cast(share.DType)).Reshape(batch, offsetGroups, 1, taps * positions);
        }
    }

    /// <summary>Where each tap of each position lies without an offset, [taps · positions].</summary>
    private static Tensor Start(WindowAxis height, WindowAxis width, bool down, DType dtype)
    {
        int taps = height.Taps * width.Taps, positions = height.Count * width.Count;
        var places = new double[taps * positions];
        for (int i = 0; i < places.Length; i++)
        {
            int tap = i / positions, position = i % positions;
            places[i] = down
                ? position / width.Count * height.Stride - height.Before + tap / width.Taps * height.Dilation
                : position % width.Count * width.Stride - width.Before + tap % width.Taps * width.Dilation;
        }
        return Tensor.From(places, places.Length).Cast(dtype);
    }
}
