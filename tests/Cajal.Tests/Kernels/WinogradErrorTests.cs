using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>
/// How far Winograd's results are from exact sums beside direct float32 sums of the same numbers: on random numbers, on the worst that signs and magnitudes can
/// do, and on what a trained network would see. Every result also stays within the bound that holds for any numbers.
/// </summary>
public class WinogradErrorTests
{
    private const int Channels = 64;

    /// <summary>The factors by which the largest error may exceed that of direct sums; about half again as much as was found.</summary>
    public static TheoryData<string, double, double, double> Inputs => new()
    {
        // forward, input, weight
        { "uniform", 5, 5, 4 },
        { "positive", 5, 5, 4 },
        { "offset", 1.5, 5, 1.5 },
        { "signs", 32, 5, 150 },
        { "range", 9, 5, 6 },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void ErrorsBesideDirectSums(string kind, double forward, double input, double weight)
    {
        if (!Vector128.IsHardwareAccelerated) return;
        var random = new Random(7);
        var sample = kind switch
        {
            "uniform" => Sample(1, 12, _ => Signed(), _ => Signed(), _ => Signed()),
            // After a rectifier.
            "positive" => Sample(1, 12, _ => Math.Max(0, Signed()), _ => Signed(), _ => Signed()),
            "offset" => Sample(1, 12, _ => 1000 + Signed(), _ => Signed(), _ => Signed()),
            // One tile an image: image f has the signs that make factor f largest, and filter f too.
            "signs" => Sample(36, 6, i => Sign(WinogradBound.Input, i / 36 / Channels, i % 36 / 6, i % 6), i => Sign(WinogradBound.Filter, i / 9 / Channels % 36, i % 9 / 3, i % 3),
                i => Sign(WinogradBound.Output, i / 16 / Channels, i % 16 / 4, i % 4, transposed: true), 0),
            _ => Sample(1, 12, _ => Wide(), _ => Signed(), _ => Wide()),
        };
        Compare(sample, ConvolutionPart.Forward, kind, forward);
        Compare(sample, ConvolutionPart.Input, kind, input);
        Compare(sample, ConvolutionPart.Weight, kind, weight);

        float Signed() => random.NextSingle() * 2 - 1;
        float Wide() => (float)(Signed() * Math.Pow(10, random.NextDouble() * 8 - 4));
        float Sign(double[,] m, int factor, int i, int j, bool transposed = false) => transposed
            ? (float)(Math.Sign(m[i, factor / 6 % 6] * m[j, factor % 6]) * (0.75 + random.NextDouble() / 4))
            : (float)(Math.Sign(m[factor / 6 % 6, i] * m[factor % 6, j]) * (0.75 + random.NextDouble() / 4));
    }

    /// <summary>Digits through a first layer of 64 filters and a rectifier, as the second layer of a network meets them.</summary>
    [Fact]
    public void ErrorsOnActivations()
    {
        if (!Vector128.IsHardwareAccelerated) return;
        const int Images = 4;
        var digits = Datasets.Digits();
        var generator = new Generator(3);
        var images = Tensor.Stack([.. Enumerable.Range(0, Images).Select(i => digits[i * 7].Input)]);
        float[] x = images.Conv2d(Normal([Channels, 1, 3, 3], 3), padding: 1).Relu().ToArray<float>();
        var axis = ConvolutionCase.Axis(8, 3, padding: 1);
        var sample = new ConvolutionCase(new(Images, Channels, Channels, 1, ConvAxis.Absent, axis, axis), x,
            Normal([Channels * Channels * 9], 24).ToArray<float>(), Normal([x.Length], 1).ToArray<float>());
        foreach (var part in Enum.GetValues<ConvolutionPart>()) Compare(sample, part, "activations", 7);

        Tensor Normal(int[] shape, double fanRoot) => Tensor.Normal(shape, 0, Math.Sqrt(2) / fanRoot, DType.Float32, generator);
    }

    private static ConvolutionCase Sample(int batch, int length, Func<int, float> x, Func<int, float> w, Func<int, float> dy, int padding = 1)
    {
        var axis = ConvolutionCase.Axis(length, 3, padding: padding);
        var geometry = new ConvGeometry(batch, Channels, Channels, 1, ConvAxis.Absent, axis, axis);
        return new(geometry, Fill(batch * Channels * geometry.InputPlane, x), Fill(Channels * Channels * 9, w), Fill(batch * Channels * geometry.OutputPlane, dy));

        static float[] Fill(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];
    }

    private static void Compare(ConvolutionCase sample, ConvolutionPart part, string kind, double allowed)
    {
        var direct = part == ConvolutionPart.Weight ? ConvolutionKernel.WeightSums : ConvolutionKernel.Patches;
        double error = sample.Check(part, sample.Run(part, ConvolutionKernel.Winograd), WinogradBound.Of(sample, part), $"Winograd, {kind}");
        double other = sample.Check(part, sample.Run(part, direct), sample.DirectBound(part), $"direct, {kind}");
        double scale = sample.Magnitude(part).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}, {part}: {error / scale:G3} of the largest sum of magnitudes, {error / other:F1} times the {other / scale:G3} of direct sums");
        Assert.True(error <= allowed * other, $"{kind}, {part}: {error / scale:G3} is {error / other:F1} times the {other / scale:G3} of direct sums");
    }
}
