namespace Cajal.Onnx;

/// <summary>CenterCropPad and Col2Im.</summary>
internal static class Framing
{
    internal static void Register(Registry registry)
    {
        registry.Add("CenterCropPad", [18], node =>
        {
            long[]? named = node.Longs("axes");
            return call =>
            {
                var x = call.X(0);
                int[] lengths = call.Ints(1), axes = named is null ? [.. Enumerable.Range(0, x.Rank)] : Numbers.Axes(named, x.Rank);
                if (lengths.Length != axes.Length) call.Refuse($"{axes.Length} axes need as many lengths, not {lengths.Length}.");
                var borders = new (int, int)[x.Rank];
                for (int i = 0; i < axes.Length; i++)
                {
                    // The odd position goes behind when something is added, and is cut off behind too.
                    int missing = lengths[i] - x.Dims[axes[i]], before = missing >= 0 ? missing / 2 : -(-missing / 2);
                    borders[axes[i]] = (before, missing - before);
                }
                call.Move(x.Pad(borders));
            };
        });
        registry.Add("Col2Im", [18], node =>
        {
            var windows = new Windows(node);
            return call => call.Return(Fold(call.X(0), call.Ints(1), call.Ints(2), windows));
        });
    }

    /// <summary>x [N, C · taps, positions] → [N, C, image...]: patches added up where they overlap.</summary>
    private static Tensor Fold(Tensor x, int[] image, int[] block, Windows windows)
    {
        if (image.Length != block.Length || x.Rank != 3) throw new InvalidOperationException($"x must be [N, C · taps, positions], image and block of one length; x {x.Shape}, image {Shape.Format(image)}, block {Shape.Format(block)}.");
        var axes = windows.Over(image, block);
        int[] counts = Array.ConvertAll(axes, axis => axis.Count), padded = Array.ConvertAll(axes, axis => axis.Length + axis.Before + axis.Behind);
        int taps = Shape.CountOf(block), batch = x.Dims[0], channels = x.Dims[1] / taps, positions = Shape.CountOf(counts);
        if (channels * taps != x.Dims[1] || positions != x.Dims[2]) throw new InvalidOperationException($"x {x.Shape} does not hold {positions} patches of {taps} taps.");
        var places = new int[taps * positions];
        for (int i = 0; i < places.Length; i++)
        {
            int place = 0, tap = i / positions, position = i % positions, tapSize = taps, positionSize = positions;
            for (int k = 0; k < axes.Length; k++)
            {
                (tapSize, positionSize) = (tapSize / block[k], positionSize / counts[k]);
                place = place * padded[k] + position / positionSize % counts[k] * axes[k].Stride + tap / tapSize % block[k] * axes[k].Dilation;
            }
            places[i] = place;
        }
        var sums = TensorOps.SumRows(x.Reshape(batch * channels, taps * positions), 1, Tensor.From(places, places.Length), Shape.CountOf(padded));
        return sums.Reshape([batch, channels, .. padded]).Pad(Array.ConvertAll(axes, axis => (-axis.Before, -axis.Behind)));
    }
}
