using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>
/// The matrices of Winograd's F(4, 3) from its interpolation points, in float64, and what rounding can do to the algorithm, computed from them number by number.
/// </summary>
/// <remarks>
/// Each product of a transform's constant and a number enters a result once, so k roundings on the way from operand to result are off by at most k u times what the
/// algorithm makes of absolute values: |A|ᵀ [Σ (|G| |w| |G|ᵀ) ⊙ (|B|ᵀ |x| |B|)] |A|. On the longest way a filter is rounded 5 times along each axis (two constants
/// among them), an input and a product 4 times; a sum over C channels C + 1 times, and adding the bias once: C + 28. Weight gradients: 6 for sums to taps, 3 for dy,
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
        var g = sample.Geometry;
        if (part == ConvolutionPart.Weight) return OfWeights(sample);
        bool forward = part == ConvolutionPart.Forward;
        var shape = forward ? WinogradShape.Forward(g) : WinogradShape.BackwardInput(g);
        var source = forward ? sample.X : sample.Dy;
        var bias = forward ? sample.OutputBias : sample.InputBias;
        var filters = new double[shape.Rows, shape.Channels][];
        for (int r = 0; r < shape.Rows; r++)
        {
            for (int c = 0; c < shape.Channels; c++)
            {
                float* taps = sample.W.Start + (forward ? r * shape.Channels + c : c * shape.Rows + r) * 9;
                filters[r, c] = Sandwich(Filter, (i, j) => taps[forward ? 3 * i + j : 8 - 3 * i - j]);
            }
        }
        var bound = new double[shape.Batch * shape.Rows * shape.TargetPlane];
        ForEachTile(shape, (image, top, left) =>
        {
            var factors = Factors(shape, source, image, top, left);
            for (int r = 0; r < shape.Rows; r++)
            {
                var products = new double[36];
                for (int c = 0; c < shape.Channels; c++)
                {
                    for (int f = 0; f < 36; f++) products[f] += factors[c][f] * filters[r, c][f];
                }
                double[] results = Sandwich(Output, (i, j) => products[6 * i + j]);
                double added = bias is null ? 0 : Math.Abs(bias.Span[r]);
                for (int i = 0; i < Math.Min(4, shape.TargetHeight - top); i++)
                {
                    for (int j = 0; j < Math.Min(4, shape.TargetWidth - left); j++)
                    {
                        bound[(image * shape.Rows + r) * shape.TargetPlane + (top + i) * shape.TargetWidth + left + j] =
                            (shape.Channels + 28) * ConvolutionCase.Rounding * (results[4 * i + j] + added);
                    }
                }
            }
        });
        return bound;
    }

    private static double[] OfWeights(ConvolutionCase sample)
    {
        var shape = WinogradShape.Forward(sample.Geometry);
        var sums = new double[shape.Rows, shape.Channels][];
        for (int i = 0; i < sums.Length; i++) sums[i / shape.Channels, i % shape.Channels] = new double[36];
        ForEachTile(shape, (image, top, left) =>
        {
            var factors = Factors(shape, sample.X, image, top, left);
            for (int r = 0; r < shape.Rows; r++)
            {
                float* dy = sample.Dy.Start + (image * shape.Rows + r) * shape.TargetPlane;
                double[] products = Sandwich(Transpose(Output), (i, j) =>
                    top + i < shape.TargetHeight && left + j < shape.TargetWidth ? dy[(top + i) * shape.TargetWidth + left + j] : 0);
                for (int c = 0; c < shape.Channels; c++)
                {
                    for (int f = 0; f < 36; f++) sums[r, c][f] += factors[c][f] * products[f];
                }
            }
        });
        var bound = new double[shape.Rows * shape.Channels * 9];
        for (int i = 0; i < sums.Length; i++)
        {
            var sum = sums[i / shape.Channels, i % shape.Channels];
            Array.Copy(Sandwich(Transpose(Filter), (a, b) => sum[6 * a + b]), 0, bound, 9 * i, 9);
        }
        return Array.ConvertAll(bound, value => (shape.Tiles + Parts + 27) * ConvolutionCase.Rounding * value);
    }

    /// <summary>|Bᵀ| |x| |B| of the tile's input, for each channel.</summary>
    private static double[][] Factors(WinogradShape shape, Guarded<float> source, int image, int top, int left)
    {
        var factors = new double[shape.Channels][];
        for (int c = 0; c < factors.Length; c++)
        {
            float* plane = source.Start + (image * shape.Channels + c) * shape.SourcePlane;
            factors[c] = Sandwich(Input, (i, j) =>
            {
                int row = top + i - shape.Top, column = left + j - shape.Left;
                return (uint)row < (uint)shape.SourceHeight && (uint)column < (uint)shape.SourceWidth ? plane[row * shape.SourceWidth + column] : 0;
            });
        }
        return factors;
    }

    private static void ForEachTile(WinogradShape shape, Action<int, int, int> action)
    {
        for (int tile = 0; tile < shape.Tiles; tile++)
        {
            action(tile / (shape.TilesDown * shape.TilesAcross), tile / shape.TilesAcross % shape.TilesDown * 4, tile % shape.TilesAcross * 4);
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
