using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>
/// The matrices of Winograd's F(4, 3) from its interpolation points, in float64, and what rounding can do to the algorithm, computed from them number by number.
/// </summary>
/// <remarks>
/// Each product of a transform's constant and a number enters a result once, so k roundings on the way from operand to result are off by at most k u times what the
/// algorithm makes of absolute values: |A|ᵀ [Σ (|G| |w| |G|ᵀ) ⊙ (|B|ᵀ |x| |B|)] |A|. On the longest way a filter is rounded 5 times along each axis (two constants
/// among them), an input and a product 4 times; a sum over C layers C + 1 times, and adding the bias once: C + 28. Weight gradients: 6 for sums to taps, 3 for dy,
/// 4 for x along each axis, and tiles, parts and one more for the sum.
/// </remarks>
internal static unsafe class WinogradBound
{
    private const double P = 0.75, Q = 1.5;

    private const int Parts = 8;

    private static readonly double[] Points = [0, P, -P, Q, -Q];

    /// <summary>Aᵀ [4, 6], G [6, 3] and Bᵀ [6, 6].</summary>
    internal static readonly double[,] Output = new double[4, 6], Filter = new double[6, 3], Input = new double[6, 6];

    static WinogradBound()
    {
        for (int j = 0; j < 5; j++)
        {
            // Bᵀ's row is the polynomial with zeros at the other points, and G divides by its value at this one.
            double[] polynomial = Monic(j);
            double value = 0;
            for (int i = 0; i < 5; i++)
            {
                Input[j, i] = polynomial[i];
                value += polynomial[i] * Math.Pow(Points[j], i);
            }
            for (int i = 0; i < 4; i++) Output[i, j] = Math.Pow(Points[j], i);
            for (int i = 0; i < 3; i++) Filter[j, i] = Math.Pow(Points[j], i) / value;
        }
        (Output[3, 5], Filter[5, 2]) = (1, 1);
        for (int i = 0; i < 6; i++) Input[5, i] = Monic(-1)[i];
    }

    /// <summary>|error| ≤ this, for each result of the part.</summary>
    internal static double[] Of(ConvolutionCase sample, ConvolutionPart part)
    {
        ConvolutionKernels.PaysWinograd(part, sample.Geometry, out var shape);
        if (part == ConvolutionPart.Weight) return OfWeights(sample, shape);
        bool forward = part == ConvolutionPart.Forward;
        var source = forward ? sample.X : sample.Dy;
        var bias = forward ? sample.OutputBias : sample.InputBias;
        var filters = new double[shape.Rows, shape.Layers][];
        for (int r = 0; r < shape.Rows; r++)
        {
            for (int layer = 0; layer < shape.Layers; layer++)
            {
                int c = shape.Channel(layer), at = (forward ? r * shape.Channels + c : c * shape.Rows + r) * shape.KernelPlane;
                filters[r, layer] = Sandwich(Filter, (i, j) => Tap(shape, layer, i, j) is var tap && tap < 0 ? 0 : sample.W.Start[at + (forward ? tap : shape.KernelPlane - 1 - tap)]);
            }
        }
        var bound = new double[shape.Batch * shape.Rows * shape.TargetPlane];
        ForEachTile(shape, (image, top, left) =>
        {
            var factors = Factors(shape, source, image, top, left);
            for (int r = 0; r < shape.Rows; r++)
            {
                var products = new double[36];
                for (int layer = 0; layer < shape.Layers; layer++)
                {
                    for (int f = 0; f < 36; f++) products[f] += factors[layer][f] * filters[r, layer][f];
                }
                double[] results = Sandwich(Output, (i, j) => products[6 * i + j]);
                double added = bias is null ? 0 : Math.Abs(bias.Span[r]);
                for (int i = 0; i < Math.Min(4, shape.Down.Target - top); i++)
                {
                    for (int j = 0; j < Math.Min(4, shape.Across.Target - left); j++)
                    {
                        bound[(image * shape.Rows + r) * shape.TargetPlane + (top + i) * shape.Across.Target + left + j] =
                            (shape.Layers + 28) * ConvolutionCase.Rounding * (results[4 * i + j] + added);
                    }
                }
            }
        });
        return bound;
    }

    private static double[] OfWeights(ConvolutionCase sample, WinogradShape shape)
    {
        var sums = new double[shape.Rows, shape.Layers][];
        for (int i = 0; i < sums.Length; i++) sums[i / shape.Layers, i % shape.Layers] = new double[36];
        ForEachTile(shape, (image, top, left) =>
        {
            var factors = Factors(shape, sample.X, image, top, left);
            for (int r = 0; r < shape.Rows; r++)
            {
                float* dy = sample.Dy.Start + (image * shape.Rows + r) * shape.TargetPlane;
                double[] products = Sandwich(Transpose(Output), (i, j) =>
                    top + i < shape.Down.Target && left + j < shape.Across.Target ? dy[(top + i) * shape.Across.Target + left + j] : 0);
                for (int layer = 0; layer < shape.Layers; layer++)
                {
                    for (int f = 0; f < 36; f++) sums[r, layer][f] += factors[layer][f] * products[f];
                }
            }
        });
        var bound = new double[shape.Rows * shape.Channels * shape.KernelPlane];
        for (int i = 0; i < sums.Length; i++)
        {
            (int r, int layer) = (i / shape.Layers, i % shape.Layers);
            double[] taps = Sandwich(Transpose(Filter), (a, b) => sums[r, layer][6 * a + b]);
            for (int k = 0; k < 9; k++)
            {
                int tap = Tap(shape, layer, k / 3, k % 3);
                if (tap >= 0) bound[(r * shape.Channels + shape.Channel(layer)) * shape.KernelPlane + tap] = (shape.Tiles + Parts + 27) * ConvolutionCase.Rounding * taps[k];
            }
        }
        return bound;
    }

    /// <summary>Which tap of the kernel is at a place of a layer's 3 x 3; -1 if none is.</summary>
    private static int Tap(WinogradShape shape, int layer, int i, int j)
    {
        int part = shape.Part(layer), row = shape.Down.Offset(part / shape.Across.Layers) + i * shape.Down.Stride;
        int column = shape.Across.Offset(part % shape.Across.Layers) + j * shape.Across.Stride;
        return row < shape.Down.Kernel && column < shape.Across.Kernel ? row * shape.Across.Kernel + column : -1;
    }

    /// <summary>|Bᵀ| |x| |B| of the tile's input, for each layer.</summary>
    private static double[][] Factors(WinogradShape shape, Guarded<float> source, int image, int top, int left)
    {
        var factors = new double[shape.Layers][];
        for (int layer = 0; layer < factors.Length; layer++)
        {
            int part = shape.Part(layer);
            float* plane = source.Start + (image * shape.Channels + shape.Channel(layer)) * shape.SourcePlane;
            int firstRow = shape.Down.Offset(part / shape.Across.Layers) - shape.Down.Padding, firstColumn = shape.Across.Offset(part % shape.Across.Layers) - shape.Across.Padding;
            factors[layer] = Sandwich(Input, (i, j) =>
            {
                int row = (top + i) * shape.Down.Stride + firstRow, column = (left + j) * shape.Across.Stride + firstColumn;
                return (uint)row < (uint)shape.Down.Source && (uint)column < (uint)shape.Across.Source ? plane[row * shape.Across.Source + column] : 0;
            });
        }
        return factors;
    }

    private static void ForEachTile(WinogradShape shape, Action<int, int, int> action)
    {
        for (int tile = 0; tile < shape.Tiles; tile++)
        {
            action(tile / (shape.Down.Tiles * shape.Across.Tiles), tile / shape.Across.Tiles % shape.Down.Tiles * 4, tile % shape.Across.Tiles * 4);
        }
    }

    /// <summary>|m| |v| |m|ᵀ.</summary>
    private static double[] Sandwich(double[,] m, Func<int, int, double> v)
    {
        int rows = m.GetLength(0), inner = m.GetLength(1);
        var half = new double[rows, inner];
        var result = new double[rows * rows];
        for (int j = 0; j < inner; j++)
        {
            for (int k = 0; k < inner; k++)
            {
                double value = Math.Abs(v(k, j));
                for (int i = 0; i < rows; i++) half[i, j] += Math.Abs(m[i, k]) * value;
            }
        }
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                for (int k = 0; k < inner; k++) result[i * rows + j] += half[i, k] * Math.Abs(m[j, k]);
            }
        }
        return result;
    }

    private static double[,] Transpose(double[,] m)
    {
        var result = new double[m.GetLength(1), m.GetLength(0)];
        for (int i = 0; i < m.Length; i++) result[i % m.GetLength(1), i / m.GetLength(1)] = m[i / m.GetLength(1), i % m.GetLength(1)];
        return result;
    }

    /// <summary>The coefficients of Π (x − point) over all finite points but one.</summary>
    private static double[] Monic(int without)
    {
        double[] polynomial = [1, 0, 0, 0, 0, 0];
        for (int j = 0; j < Points.Length; j++)
        {
            if (j == without) continue;
            for (int i = 5; i >= 0; i--) polynomial[i] = (i > 0 ? polynomial[i - 1] : 0) - Points[j] * polynomial[i];
        }
        return polynomial;
    }
}
