using Cajal.Threading;

namespace Cajal.Onnx;

/// <summary>A convolution of 8-bit images [N, C, H, W] as products of matrices: for each image and group, filters [O, taps] times patches [taps, positions].</summary>
internal static unsafe class IntegerConvolution
{
    /// <param name="x">Carried numbers [N, C, H, W], contiguous.</param>
    /// <param name="zero">What stands for 0 in x, and in its border.</param>
    /// <param name="filters">Packed by <see cref="Pairs.Rows"/>: [O, pairs].</param>
    /// <param name="dims">N, C, H, W.</param>
    /// <param name="outputs">O.</param>
    /// <param name="groups">Blocks of channels.</param>
    /// <param name="height">Windows along H.</param>
    /// <param name="width">Windows along W.</param>
    internal static Tensor Run(Tensor x, int zero, int[] filters, int[] dims, int outputs, int groups, WindowAxis height, WindowAxis width)
    {
        int batch = dims[0], channels = dims[1] / groups, taps = channels * height.Taps * width.Taps, pairs = Pairs.Count(taps), positions = height.Count * width.Count, padded = PairProduct.Padded(positions);
        int perGroup = outputs / groups;
        var y = Tensor.Uninitialised([batch, outputs, height.Count, width.Count], DType.Int32);
        var patches = new int[pairs * padded];
        var sums = new int[perGroup * padded];
        for (int image = 0; image < batch * groups; image++)
        {
            int n = image / groups, group = image % groups;
            fixed (int* from = x.Span<int>(), to = patches)
            {
                var body = new Patches { X = from + (nint)(n * dims[1] + group * channels) * dims[2] * dims[3], Y = to, Zero = zero, Taps = taps, Padded = padded, Height = height, Width = width };
                if ((long)pairs * padded < 1 << 15) body.Invoke(0, pairs);
                else WorkerPool.For(pairs, Math.Max(1, (1 << 14) / padded), 1, ref body);
            }
            PairProduct.Run(perGroup, positions, pairs, filters.AsSpan(group * perGroup * pairs, perGroup * pairs), patches, sums);
            for (int o = 0; o < perGroup; o++) sums.AsSpan(o * padded, positions).CopyTo(y.Span<int>().Slice((n * outputs + group * perGroup + o) * positions, positions));
        }
        return y;
    }

    /// <summary>Patches as pairs of taps: [pairs, positions padded]. Borders are 0 after the zero point has been taken off.</summary>
    private struct Patches : IRangeBody
    {
        internal int* X, Y;
        internal int Zero, Taps, Padded;
        internal WindowAxis Height, Width;

        public readonly void Invoke(int start, int end)
        {
            for (int pair = start; pair < end; pair++)
            {
                int* row = Y + (nint)pair * Padded;
                new Span<int>(row, Padded).Clear();
                Tap(2 * pair, row, 0);
                if (2 * pair + 1 < Taps) Tap(2 * pair + 1, row, 16);
            }
        }

        private readonly void Tap(int tap, int* row, int shift)
        {
            int across = tap % Width.Taps, down = tap / Width.Taps % Height.Taps;
            int* plane = X + (nint)(tap / (Width.Taps * Height.Taps)) * Height.Length * Width.Length;
            // Positions whose column lies inside the image.
            int offset = across * Width.Dilation - Width.Before;
            int first = offset >= 0 ? 0 : (-offset + Width.Stride - 1) / Width.Stride, last = Math.Min(Width.Count, (Width.Length - offset + Width.Stride - 1) / Width.Stride);
            for (int i = 0; i < Height.Count; i++)
            {
                int line = i * Height.Stride + down * Height.Dilation - Height.Before;
                if ((uint)line >= (uint)Height.Length) continue;
                int* from = plane + (nint)line * Width.Length + offset;
                int* to = row + (nint)i * Width.Count;
                if (shift == 0) for (int j = first; j < last; j++) to[j] = (ushort)(from[j * Width.Stride] - Zero);
                else for (int j = first; j < last; j++) to[j] |= (from[j * Width.Stride] - Zero) << 16;
            }
        }
    }
}
