using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Onnx;

/// <summary>A convolution of 8-bit images [N, C, H, W] as products of matrices: for each image and group, filters [O, taps] times patches [taps, positions].</summary>
internal static unsafe class IntegerConvolution
{
    /// <summary>The sums as they are, of numbers whose zero is <paramref name="zero"/>.</summary>
    internal static Tensor Run(Tensor x, int zero, int[] filters, int[] dims, int outputs, int groups, WindowAxis height, WindowAxis width) =>
        Run(zero == 0 ? x : x - zero, filters, dims, outputs, groups, height, width, null);

    /// <summary>The sums, or reals made of them.</summary>
    /// <param name="x">Carried numbers [N, C, H, W] around 0, contiguous.</param>
    /// <param name="filters">Packed by <see cref="Pairs.Rows"/>: [O, pairs].</param>
    /// <param name="dims">N, C, H, W.</param>
    /// <param name="outputs">O.</param>
    /// <param name="groups">Blocks of channels.</param>
    /// <param name="height">Windows along H.</param>
    /// <param name="width">Windows along W.</param>
    /// <param name="scaling">Makes reals of the sums; null leaves them.</param>
    internal static Tensor Run(Tensor x, int[] filters, int[] dims, int outputs, int groups, WindowAxis height, WindowAxis width, OutputScaling? scaling)
    {
        int batch = dims[0], channels = dims[1] / groups, taps = channels * height.Taps * width.Taps, pairs = Pairs.Count(taps), positions = height.Count * width.Count, padded = PairProduct.Padded(positions);
        int perGroup = outputs / groups;
        var y = Tensor.Uninitialised([batch, outputs, height.Count, width.Count], scaling is null ? DType.Int32 : DType.Float32);
        fixed (int* from = x.Span<int>(), weights = filters, whole = scaling is null ? y.Span<int>() : default)
        fixed (float* real = scaling is null ? default : y.Span<float>())
        {
            var body = new Images
            {
                X = from, Filters = weights, Whole = whole, Real = real, Scaling = scaling, Channels = channels, Groups = groups, Outputs = perGroup, Pairs = pairs, Positions = positions, Padded = padded, Height = height, Width = width,
            };
            // Whole images to each thread; a single one is split within its product.
            if (batch * groups > 1) WorkerPool.For(batch * groups, 1, 1, ref body);
            else body.Invoke(0, batch * groups);
        }
        return y;
    }

    /// <summary>Images, or groups of channels of them, one after the other.</summary>
    private struct Images : IRangeBody
    {
        internal int* X, Filters, Whole;
        internal float* Real;
        internal OutputScaling? Scaling;
        internal int Channels, Groups, Outputs, Pairs, Positions, Padded;
        internal WindowAxis Height, Width;

        public readonly void Invoke(int start, int end)
        {
            int[] patches = new int[Pairs * Padded], sums = new int[Outputs * Padded];
            for (int image = start; image < end; image++)
            {
                int group = image % Groups;
                fixed (int* to = patches)
                {
                    var body = new Patches { X = X + (nint)image * Channels * Height.Length * Width.Length, Y = to, Taps = Channels * Height.Taps * Width.Taps, Padded = Padded, Height = Height, Width = Width };
                    if ((long)Pairs * Padded < 1 << 15) body.Invoke(0, Pairs);
                    else WorkerPool.For(Pairs, Math.Max(1, (1 << 14) / Padded), 1, ref body);
                }
                PairProduct.Run(Outputs, Positions, Pairs, new(Filters + (nint)group * Outputs * Pairs, Outputs * Pairs), patches, sums);
                for (int o = 0; o < Outputs; o++)
                {
                    nint place = ((nint)image * Outputs + o) * Positions;
                    var line = sums.AsSpan(o * Padded, Positions);
                    if (Scaling is not { } scaling) line.CopyTo(new Span<int>(Whole + place, Positions));
                    else Epilogue.Scale(line, scaling.Scales[group * Outputs + o], scaling.Bias[group * Outputs + o], scaling.Rectifies, new(Real + place, Positions));
                }
            }
        }
    }

    /// <summary>Patches as pairs of taps, in panels of 16 positions: [positions padded / 16, pairs, 16]. Borders are 0, as the numbers are around it.</summary>
    private struct Patches : IRangeBody
    {
        internal int* X, Y;
        internal int Taps, Padded;
        internal WindowAxis Height, Width;

        [MethodImpl(Cajal.Kernels.Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int pairs = Onnx.Pairs.Count(Taps);
            fixed (int* row = new int[Padded])
            {
                for (int pair = start; pair < end; pair++)
                {
                    new Span<int>(row, Padded).Clear();
                    Tap(2 * pair, row, 0);
                    if (2 * pair + 1 < Taps) Tap(2 * pair + 1, row, 16);
                    int* to = Y + (nint)pair * PairProduct.Lanes;
                    for (int panel = 0; panel < Padded; panel += PairProduct.Lanes, to += (nint)pairs * PairProduct.Lanes)
                        new ReadOnlySpan<int>(row + panel, PairProduct.Lanes).CopyTo(new Span<int>(to, PairProduct.Lanes));
                }
            }
        }

        /// <summary>Neighbours into the lower halves (shift 0) or the upper ones.</summary>
        private static void Line(int* from, int* to, int first, int last, int shift)
        {
            int j = first, lanes = Vector<int>.Count;
            if (shift == 0)
            {
                var mask = new Vector<int>(0xFFFF);
                for (; j <= last - lanes; j += lanes) (Vector.Load(from + j) & mask).Store(to + j);
                for (; j < last; j++) to[j] = (ushort)from[j];
                return;
            }
            for (; j <= last - lanes; j += lanes) (Vector.Load(to + j) | Vector.ShiftLeft(Vector.Load(from + j), 16)).Store(to + j);
            for (; j < last; j++) to[j] |= from[j] << 16;
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
                if (Width.Stride == 1) Line(from, to, first, last, shift);
                else if (shift == 0) for (int j = first; j < last; j++) to[j] = (ushort)from[j * Width.Stride];
                else for (int j = first; j < last; j++) to[j] |= from[j * Width.Stride] << 16;
            }
        }
    }
}

/// <summary>Reals of sums: sum · scale + bias, rectified if wanted.</summary>
/// <param name="Scales">One for each output.</param>
/// <param name="Bias">One for each output.</param>
/// <param name="Rectifies">Whether negative ones become 0.</param>
internal sealed record OutputScaling(float[] Scales, float[] Bias, bool Rectifies);
