using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>
/// Every convolution kernel against float64 sums, within the error bound of a sum of products in any order, from memory that is not aligned and has NaN on both
/// sides. Run once more in the processes of the SIMD tiers, so that vectors of every width are covered.
/// </summary>
public class ConvolutionKernelTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 6)];

    /// <summary>What the library chooses and, beside it, every other kernel that is able to compute the part.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomGeometries(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 10; i++)
        {
            var geometry = Draw(random);
            var sample = ConvolutionCase.Random(geometry, 100 * seed + i);
            foreach (var part in Enum.GetValues<ConvolutionPart>())
            {
                double[] bound = ConvolutionKernels.PaysWinograd(part, geometry, out _) ? WinogradBound.Of(sample, part) : sample.DirectBound(part);
                sample.Check(part, sample.Run(part), bound, $"seed {seed}, sample {i}, the library's choice");
                foreach (var kernel in ConvolutionKernels.Able(part, geometry))
                {
                    float[] result = sample.Run(part, kernel);
                    bound = kernel == ConvolutionKernel.Winograd ? WinogradBound.Of(sample, part) : sample.DirectBound(part);
                    sample.Check(part, result, bound, $"seed {seed}, sample {i}, {kernel}");
                    if (Fenced<float>.IsSupported) Assert.Equal(result, sample.RunFenced(part, kernel, behind: i % 2 == 0));
                }
            }
        }
    }

    /// <summary>Depthwise filters of every height that has kernels of its own, every number of rows that a tile can have, and rows that end in every lane.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(7, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 2)]
    [InlineData(7, 2)]
    public void DepthwiseTiles(int rows, int stride)
    {
        for (int height = 1; height <= 18; height++)
        {
            int width = 14 + 3 * height, columns = 3 + 2 * (height % 3), padding = height % (rows / 2 + 2);
            if (height + 2 * padding < rows) padding = rows / 2;
            if (height + 2 * padding < rows) continue;
            ConvAxis h = ConvolutionCase.Axis(height, rows, stride, padding), w = ConvolutionCase.Axis(width, columns, stride, height % 4);
            var sample = ConvolutionCase.Random(new(2, 3, 3, 3, ConvAxis.Absent, h, w), height);
            foreach (var part in Enum.GetValues<ConvolutionPart>())
            {
                float[] result = sample.Run(part);
                sample.Check(part, result, sample.DirectBound(part), $"{rows} filter rows, stride {stride}");
                if (Fenced<float>.IsSupported) Assert.Equal(result, sample.RunFenced(part, null, behind: height % 2 == 0));
            }
        }
    }

    public static TheoryData<string, ConvolutionPart, ConvolutionKernel> Choices => new()
    {
        { "4 32>32 14x14 3x3 p1", ConvolutionPart.Forward, ConvolutionKernel.Winograd },
        { "4 32>32 14x14 3x3 p1", ConvolutionPart.Input, ConvolutionKernel.Winograd },
        { "4 32>32 14x14 3x3 p1", ConvolutionPart.Weight, ConvolutionKernel.Winograd },
        { "8 16>32 15x15 5x5 p2", ConvolutionPart.Forward, ConvolutionKernel.Winograd },
        { "2 16>64 12x12 5x5 p2 d2", ConvolutionPart.Forward, ConvolutionKernel.Channels },
        { "2 32>24 13x13 3x3 s2 p1", ConvolutionPart.Input, ConvolutionKernel.Channels },
        { "1 2>3 40x41 3x3 p1", ConvolutionPart.Forward, ConvolutionKernel.Patches },
        { "1 3>2 40x41 3x3 s2 p1", ConvolutionPart.Input, ConvolutionKernel.Patches },
        { "2 6>6 19x37 3x3 p1 g6", ConvolutionPart.Forward, ConvolutionKernel.DepthwiseDirect },
        { "2 6>6 19x37 3x3 p1 g6", ConvolutionPart.Input, ConvolutionKernel.DepthwiseDirect },
        { "2 6>6 19x40 7x7 s2 p3 g6", ConvolutionPart.Forward, ConvolutionKernel.DepthwiseDirect },
        { "2 6>6 19x40 5x5 s2 p2 g6", ConvolutionPart.Input, ConvolutionKernel.DepthwiseSlab },
        { "2 6>6 19x37 3x3 p1 d2 g6", ConvolutionPart.Forward, ConvolutionKernel.DepthwiseSlab },
        { "2 6>6 19x37 4x3 p1 g6", ConvolutionPart.Input, ConvolutionKernel.DepthwiseSlab },
        { "2 6>6 19x37 3x3 p1 g6", ConvolutionPart.Weight, ConvolutionKernel.DepthwiseWeightSums },
        { "2 6>6 19x37 5x5 p2 d2 g6", ConvolutionPart.Weight, ConvolutionKernel.DepthwiseWeightSums },
        { "2 6>6 18x41 3x5 s2 p1 g6", ConvolutionPart.Weight, ConvolutionKernel.DepthwiseWeightSums },
        { "2 40>24 9x9 5x5 p2", ConvolutionPart.Weight, ConvolutionKernel.WeightSums },
        { "6 3>16 30x30 3x3 s2 p1", ConvolutionPart.Weight, ConvolutionKernel.WeightSums },
    };

    /// <summary>A kernel's order of summation shows in the bits: the library's result has those of the expected kernel and of no other.</summary>
    [Theory]
    [MemberData(nameof(Choices))]
    public void TheLibraryChooses(string shape, ConvolutionPart part, ConvolutionKernel expected)
    {
        var geometry = Parse(shape);
        var able = ConvolutionKernels.Able(part, geometry);
        // Without vectors no kernel has empty lanes, or needs a row to fill them, and orders of summation coincide.
        if (!Vector128.IsHardwareAccelerated) expected = able[0];
        var sample = ConvolutionCase.Random(geometry, 3);
        Assert.Equal(expected == ConvolutionKernel.Winograd, ConvolutionKernels.PaysWinograd(part, geometry, out _));
        float[] chosen = sample.Run(part);
        foreach (var kernel in able)
        {
            bool same = chosen.AsSpan().SequenceEqual(sample.Run(part, kernel));
            if (kernel != expected && !Vector128.IsHardwareAccelerated) continue;
            Assert.True(same == (kernel == expected), $"{shape}, {part}: {(same ? "ran in" : "did not run in")} {kernel}");
        }
    }

    [Fact]
    public void ProductsOverPositionsAreNotConvolved()
    {
        string[] shapes = ["3 33>17 5x7 1x1", "2 12>18 9x11 1x1 g3", "1 8>8 1x1 1x1"];
        for (int i = 0; i < shapes.Length; i++)
        {
            var sample = ConvolutionCase.Random(Parse(shapes[i]), i);
            Assert.True(sample.Geometry.IsPointwise);
            Assert.Empty(ConvolutionKernels.Able(ConvolutionPart.Forward, sample.Geometry));
            foreach (var part in Enum.GetValues<ConvolutionPart>()) sample.Check(part, sample.Run(part), sample.DirectBound(part), "pointwise");
        }
    }

    /// <summary>A NaN in the source is a term of some sums, and reaches no other, whatever lies beside it in working memory. (Winograd's has a test of its own.)</summary>
    [Theory]
    [MemberData(nameof(Choices))]
    public void ANanReachesTheSumsThatItIsATermOf(string shape, ConvolutionPart part, ConvolutionKernel kernel)
    {
        if (kernel == ConvolutionKernel.Winograd) return;
        var clean = ConvolutionCase.Random(Parse(shape), 4);
        float[] x = clean.X.Span.ToArray(), w = clean.W.Span.ToArray(), dy = clean.Dy.Span.ToArray(), source = part == ConvolutionPart.Input ? dy : x;
        for (int i = 0; i < 3; i++)
        {
            // The first of all, the last of all, one in between.
            int at = i * (source.Length - 1) / 2;
            float before = source[at];
            source[at] = float.NaN;
            var sample = new ConvolutionCase(clean.Geometry, x, w, dy);
            source[at] = before;
            float[] actual = sample.Run(part);
            double[] exact = sample.Exact(part);
            for (int j = 0; j < actual.Length; j++)
            {
                Assert.True(float.IsNaN(actual[j]) == double.IsNaN(exact[j]), $"{shape}, {part}, NaN at {at}: element {j} is {actual[j]}, not {exact[j]}");
            }
        }
    }

    /// <summary>Up to some hundred thousand products, with what makes kernels differ: channels around whole vectors, groups, strides, holes, uneven padding.</summary>
    private static ConvGeometry Draw(Random random)
    {
        int[] channels = [1, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33];
        while (true)
        {
            int axes = 1 + random.Next(6) switch { 0 => 0, < 5 => 1, _ => 2 }, kind = random.Next(3);
            int groups = kind switch { 0 => 1, 1 => 2 + random.Next(5), _ => random.Next(1, 4) };
            int inside = kind == 1 ? 1 : channels[random.Next(channels.Length)], outside = kind == 1 ? 1 : channels[random.Next(channels.Length)];
            ConvAxis[] axis = [ConvAxis.Absent, ConvAxis.Absent, ConvAxis.Absent];
            int stride = random.Next(3) == 0 ? 1 + random.Next(4) : 1, dilation = random.Next(4) == 0 ? 1 + random.Next(3) : 1, kernel = 1 + random.Next(axes == 1 ? 9 : 5);
            for (int i = 3 - axes; i < 3; i++)
            {
                bool own = random.Next(4) == 0;
                int length = 1 + random.Next(axes switch { 1 => 300, 2 => 34, _ => 9 }), size = own ? 1 + random.Next(7) : kernel, before = random.Next(size * dilation);
                axis[i] = ConvolutionCase.Axis(length, size, own ? 1 + random.Next(3) : stride, before, dilation, random.Next(3) == 0 ? random.Next(4) : before);
                if (length + before < dilation * (size - 1) + 1) axis[i] = axis[i] with { Output = 0 };
            }
            var geometry = new ConvGeometry(1 + random.Next(3), groups * inside, groups * outside, groups, axis[0], axis[1], axis[2]);
            long products = (long)geometry.Batch * geometry.OutputPlane * geometry.OutChannels * inside * geometry.KernelPlane;
            if (products is > 0 and < 200_000) return geometry;
        }
    }

    /// <summary>"batch in>out HxW kernel, then s(tride), p(adding), d(ilation) and g(roups)".</summary>
    internal static ConvGeometry Parse(string text)
    {
        string[] words = text.Split(' ');
        int[] channels = Numbers(words[1], '>'), size = Numbers(words[2], 'x'), kernel = Numbers(words[3], 'x');
        int stride = Option('s', 1), padding = Option('p', 0), dilation = Option('d', 1);
        return new(int.Parse(words[0]), channels[0], channels[1], Option('g', 1), ConvAxis.Absent,
            ConvolutionCase.Axis(size[0], kernel[0], stride, padding, dilation), ConvolutionCase.Axis(size[1], kernel[1], stride, padding, dilation));

        int Option(char name, int otherwise) => words[4..].FirstOrDefault(word => word[0] == name) is { } word ? int.Parse(word[1..]) : otherwise;
        static int[] Numbers(string word, char separator) => Array.ConvertAll(word.Split(separator), int.Parse);
    }
}
