namespace Cajal.Onnx;

/// <summary>Largest elements and where they stand in the whole tensor, window by window.</summary>
internal static class PoolPlacesOf
{
    /// <param name="x">[N, C, ...].</param>
    /// <param name="axes">The windows.</param>
    /// <param name="columnMajor">Whether places within a plane are counted with the first axis running fastest.</param>
    internal static (Tensor Values, Tensor Places) Max(Tensor x, WindowAxis[] axes, bool columnMajor)
    {
        int rank = axes.Length, planes = x.Dims[0] * x.Dims[1], plane = Shape.CountOf(x.Dims.AsSpan(2));
        int[] counts = Array.ConvertAll(axes, axis => axis.Count), lengths = Array.ConvertAll(axes, axis => axis.Length), taps = Array.ConvertAll(axes, axis => axis.Taps);
        int windows = Shape.CountOf(counts), size = Shape.CountOf(taps);
        double[] values = x.Detach().ToArray<double>();
        var winners = new int[(long)planes * windows];
        var places = new long[winners.Length];
        int[] window = new int[rank], tap = new int[rank], place = new int[rank];
        for (int i = 0; i < winners.Length; i++)
        {
            Unravel(i % windows, counts, window);
            int start = i / windows * plane;
            double best = double.NegativeInfinity;
            for (int t = 0; t < size; t++)
            {
                Unravel(t, taps, tap);
                if (!Inside() || (values[start + RowMajor()] is var value && !(value > best || double.IsNaN(value)) && best > double.NegativeInfinity)) continue;
                if (double.IsNaN(best)) break;
                best = value;
                winners[i] = start + RowMajor();
                places[i] = start + (columnMajor ? ColumnMajor() : RowMajor());
            }
        }
        int[] dims = [x.Dims[0], x.Dims[1], .. counts];
        return (x.Reshape(-1).IndexSelect(0, winners).Reshape(dims), Tensor.From(places, places.Length).Reshape(dims));

        bool Inside()
        {
            for (int k = 0; k < rank; k++)
            {
                place[k] = window[k] * axes[k].Stride + tap[k] * axes[k].Dilation - axes[k].Before;
                if ((uint)place[k] >= (uint)lengths[k]) return false;
            }
            return true;
        }

        int RowMajor()
        {
            int at = 0;
            for (int k = 0; k < rank; k++) at = at * lengths[k] + place[k];
            return at;
        }

        int ColumnMajor()
        {
            int at = 0;
            for (int k = rank - 1; k >= 0; k--) at = at * lengths[k] + place[k];
            return at;
        }
    }

    private static void Unravel(int place, int[] lengths, int[] at)
    {
        for (int k = lengths.Length - 1; k >= 0; place /= lengths[k--]) at[k] = place % lengths[k];
    }
}
