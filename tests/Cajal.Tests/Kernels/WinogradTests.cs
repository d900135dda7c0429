using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>Winograd's convolutions: their matrices, all shapes within the bound that rounding allows, and what a number that is not finite reaches.</summary>
public class WinogradTests
{
    /// <summary>Aᵀ [(G g) ⊙ (Bᵀ d)] is the convolution, and no result exceeds 205 max |x| Σ |w| on the way; with the points 0, ±1, ±2 it could be 860.</summary>
    [Fact]
    public void TheMatricesConvolve()
    {
        double growth = 0;
        for (int i = 0; i < 4; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                double reached = 0;
                for (int j = 0; j < 6; j++)
                {
                    double row = 0;
                    for (int l = 0; l < 6; l++) row += Math.Abs(WinogradBound.Input[j, l]);
                    reached += Math.Abs(WinogradBound.Output[i, j] * WinogradBound.Filter[j, k]) * row;
                }
                growth = Math.Max(growth, reached);
                for (int l = 0; l < 6; l++)
                {
                    double weight = Enumerable.Range(0, 6).Sum(j => WinogradBound.Output[i, j] * WinogradBound.Filter[j, k] * WinogradBound.Input[j, l]);
                    Assert.Equal(l == i + k ? 1 : 0, weight, 1e-14);
                }
            }
        }
        Assert.Equal(204.8, growth * growth, 0.1);
    }

    /// <summary>The transforms of unit vectors are the matrices, rounded once or twice; so are those of the adjoints.</summary>
    [Fact]
    public void TheTransformsAreTheMatrices()
    {
        for (int i = 0; i < 6; i++)
        {
            float[] d = new float[6];
            d[i] = 1;
            WinogradTransform<float, Lanes1<float>>.Output(d[0], d[1], d[2], d[3], d[4], d[5], out float y0, out float y1, out float y2, out float y3);
            Column(WinogradBound.Output, i, y0, y1, y2, y3);
            WinogradTransform<float, Lanes1<float>>.FilterAdjoint(d[0], d[1], d[2], d[3], d[4], d[5], out float g0, out float g1, out float g2);
            Row(WinogradBound.Filter, i, g0, g1, g2);
            WinogradTransform<float, Lanes1<float>>.Input(ref d[0], ref d[1], ref d[2], ref d[3], ref d[4], ref d[5]);
            Column(WinogradBound.Input, i, d);
            if (i >= 4) continue;
            float[] y = new float[4];
            y[i] = 1;
            WinogradTransform<float, Lanes1<float>>.OutputAdjoint(y[0], y[1], y[2], y[3], out float m0, out float m1, out float m2, out float m3, out float m4, out float m5);
            Row(WinogradBound.Output, i, m0, m1, m2, m3, m4, m5);
            if (i >= 3) continue;
            WinogradTransform<float, Lanes1<float>>.Filter(y[0], y[1], y[2], out float u0, out float u1, out float u2, out float u3, out float u4, out float u5);
            Column(WinogradBound.Filter, i, u0, u1, u2, u3, u4, u5);
        }

        static void Column(double[,] m, int column, params float[] actual)
        {
            for (int i = 0; i < actual.Length; i++) Near(m[i, column], actual[i]);
        }

        static void Row(double[,] m, int row, params float[] actual)
        {
            for (int i = 0; i < actual.Length; i++) Near(m[row, i], actual[i]);
        }

        static void Near(double exact, float actual) => Assert.True(Math.Abs(actual - exact) <= 2 * ConvolutionCase.Rounding * Math.Abs(exact), $"{actual:R} is not {exact:R}");
    }

    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        // images, height, width, channels, result channels; the paddings are 0 to 2
        { 1, 1, 1, 8, 8 }, { 2, 3, 3, 9, 15 }, { 1, 4, 5, 16, 17 }, { 3, 6, 6, 15, 31 }, { 1, 7, 8, 17, 33 }, { 2, 9, 10, 33, 8 }, { 1, 11, 2, 31, 16 },
        { 1, 13, 29, 7, 25 }, { 1, 5, 71, 8, 9 }, { 1, 37, 38, 8, 8 }, { 7, 8, 8, 16, 32 }, { 1, 2, 13, 1, 3 }, { 2, 14, 14, 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryShapeStaysWithinTheBound(int batch, int height, int width, int channels, int rows)
    {
        if (!Vector128.IsHardwareAccelerated) return;
        for (int top = 0; top <= 2; top++)
        {
            int left = (top + batch + width) % 3;
            ConvAxis h = ConvolutionCase.Axis(height, 3, padding: top), w = ConvolutionCase.Axis(width, 3, padding: left, behind: (left + height) % 3);
            if (height + 2 * top < 3 || width + left + (left + height) % 3 < 3) continue;
            var sample = ConvolutionCase.Random(new(batch, channels, rows, 1, ConvAxis.Absent, h, w), top);
            foreach (var part in Enum.GetValues<ConvolutionPart>())
            {
                sample.Check(part, sample.Run(part, ConvolutionKernel.Winograd), WinogradBound.Of(sample, part), "Winograd");
            }
        }
    }

    public static TheoryData<int, int, int, int, int, int> Layers => new()
    {
        // channels, result channels, the kernel's height and width, stride down and across
        { 8, 9, 5, 5, 1, 1 }, { 3, 17, 7, 7, 2, 2 }, { 3, 16, 11, 11, 4, 4 }, { 9, 8, 2, 3, 1, 1 }, { 5, 8, 3, 3, 2, 2 }, { 4, 15, 4, 6, 2, 1 }, { 17, 5, 3, 5, 1, 2 },
        { 2, 9, 7, 2, 3, 2 }, { 1, 8, 9, 9, 3, 3 }, { 16, 16, 4, 4, 1, 1 }, { 3, 3, 5, 8, 5, 5 },
    };

    /// <summary>Larger kernels and strides, as sums of kernels of 3 x 3; uneven padding, some of it beyond the kernel.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void SumsOfLayersStayWithinTheBound(int channels, int rows, int kernelHeight, int kernelWidth, int strideDown, int strideAcross)
    {
        if (!Vector128.IsHardwareAccelerated) return;
        for (int i = 0; i < 3; i++)
        {
            var h = ConvolutionCase.Axis(19 + 7 * i, kernelHeight, strideDown, i * kernelHeight / 2, behind: kernelHeight / 2);
            var w = ConvolutionCase.Axis(26 - 5 * i, kernelWidth, strideAcross, kernelWidth - i);
            var sample = ConvolutionCase.Random(new(1 + i % 2, channels, rows, 1, ConvAxis.Absent, h, w), i);
            foreach (var part in Enum.GetValues<ConvolutionPart>())
            {
                if (part == ConvolutionPart.Input && strideDown * strideAcross > 1) continue;
                sample.Check(part, sample.Run(part, ConvolutionKernel.Winograd), WinogradBound.Of(sample, part), "Winograd");
            }
        }
    }

    /// <summary>So many tiles that weight gradients are summed in several parts.</summary>
    internal static ConvolutionCase ManyTiles =>
        ConvolutionCase.Random(new(8, 8, 8, 1, ConvAxis.Absent, ConvolutionCase.Axis(40, 3, padding: 1), ConvolutionCase.Axis(38, 3, padding: 1)), 3);

    [Fact]
    public void ManyTilesStayWithinTheBound()
    {
        if (!Vector128.IsHardwareAccelerated) return;
        var sample = ManyTiles;
        foreach (var part in Enum.GetValues<ConvolutionPart>()) sample.Check(part, sample.Run(part, ConvolutionKernel.Winograd), WinogradBound.Of(sample, part), "Winograd");
    }

    /// <summary>
    /// A tile is one sum over all of its 6 x 6 inputs, so one that is not finite may spoil all 4 x 4 results of each tile that reads it, where a direct sum would
    /// spoil 3 x 3 alone: no other result changes a bit, and what a direct sum would spoil is not finite either.
    /// </summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteStaysInItsTiles(float value)
    {
        if (!Vector128.IsHardwareAccelerated) return;
        const int Length = 13, Channels = 9, Rows = 17, Padding = 1;
        var axis = ConvolutionCase.Axis(Length, 3, padding: Padding);
        var geometry = new ConvGeometry(2, Channels, Rows, 1, ConvAxis.Absent, axis, axis);
        var sample = ConvolutionCase.Random(geometry, 2);
        foreach (int place in new[] { 0, 3 * Length + 4, 5 * Length + 12, 8 * Length + 7, Length * Length - 1 })
        {
            (int row, int column) = (place / Length, place % Length);
            foreach (var part in new[] { ConvolutionPart.Forward, ConvolutionPart.Input })
            {
                float[] clean = sample.Run(part, ConvolutionKernel.Winograd);
                var (source, channels, results) = part == ConvolutionPart.Forward ? (sample.X, Channels, Rows) : (sample.Dy, Rows, Channels);
                // The second image, some channel.
                int at = ((channels + 4) * Length + row) * Length + column;
                float kept = source.Span[at];
                source.Span[at] = value;
                float[] spoilt = sample.Run(part, ConvolutionKernel.Winograd);
                source.Span[at] = kept;
                for (int i = 0; i < spoilt.Length; i++)
                {
                    int image = i / (results * Length * Length), r = i / Length % Length, c = i % Length;
                    bool direct = image == 1 && Math.Abs(r - row) <= 1 && Math.Abs(c - column) <= 1, tile = image == 1 && Reads(r, row) && Reads(c, column);
                    Assert.True(!direct || !float.IsFinite(spoilt[i]), $"{part}, {value} at ({row}, {column}): result ({r}, {c}) is {spoilt[i]}");
                    bool same = BitConverter.SingleToInt32Bits(spoilt[i]) == BitConverter.SingleToInt32Bits(clean[i]);
                    Assert.True(tile || same, $"{part}, {value} at ({row}, {column}) changed result ({r}, {c}) of image {image}");
                }
            }
        }

        // Whether the tile of a result reads an input: inputs from four times its number, less the padding, to five further.
        static bool Reads(int result, int input) => input - (result / 4 * 4 - Padding) is >= 0 and <= 5;
    }

    /// <summary>In a weight gradient an input that is not finite spoils all nine taps of its channel, and a gradient all of its filter; nothing else changes a bit.</summary>
    [Fact]
    public void WhatIsNotFiniteStaysInItsFilters()
    {
        if (!Vector128.IsHardwareAccelerated) return;
        const int Channels = 9, Rows = 17, Plane = 100;
        var axis = ConvolutionCase.Axis(10, 3, padding: 1);
        var sample = ConvolutionCase.Random(new(2, Channels, Rows, 1, ConvAxis.Absent, axis, axis), 4);
        float[] clean = sample.Run(ConvolutionPart.Weight, ConvolutionKernel.Winograd);
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
        {
            Spoil(sample.X, (Channels + 5) * Plane + 33, value, i => i / 9 % Channels == 5);
            Spoil(sample.Dy, (Rows + 11) * Plane + 44, value, i => i / 9 / Channels == 11);
        }

        void Spoil(Guarded<float> numbers, int at, float value, Func<int, bool> reached)
        {
            float kept = numbers.Span[at];
            numbers.Span[at] = value;
            float[] spoilt = sample.Run(ConvolutionPart.Weight, ConvolutionKernel.Winograd);
            numbers.Span[at] = kept;
            for (int i = 0; i < spoilt.Length; i++)
            {
                bool expected = reached(i) ? !float.IsFinite(spoilt[i]) : spoilt[i] == clean[i];
                Assert.True(expected, $"{value}: tap {i % 9} of filter {i / 9 / Channels}, channel {i / 9 % Channels}, is {spoilt[i]}");
            }
        }
    }
}
