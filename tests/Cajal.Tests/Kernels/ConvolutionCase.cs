using System.Runtime.CompilerServices;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>What of a convolution is computed.</summary>
public enum ConvolutionPart
{
    Forward,
    Input,
    Weight,
}

/// <summary>
/// A float32 convolution with numbers: its value and both gradients as float64 sums over every term, the same sums over magnitudes, and the guarded memory to
/// run a kernel in.
/// </summary>
internal sealed unsafe class ConvolutionCase
{
    /// <summary>Half the distance from 1 to the next float: what one operation may be off by, relative to its result.</summary>
    internal const double Rounding = 1.0 / (1 << 24);

    private readonly double[][] sums = new double[3][], magnitudes = new double[3][];

    internal ConvolutionCase(ConvGeometry geometry, float[] x, float[] w, float[] dy, float[]? outputBias = null, float[]? inputBias = null)
    {
        Geometry = geometry;
        // Not aligned, each in its own way.
        (X, W, Dy) = (new(x, 4), new(w, 8), new(dy, 12));
        OutputBias = outputBias is null ? null : new(outputBias, 20);
        InputBias = inputBias is null ? null : new(inputBias, 28);
        Sum();
    }

    internal ConvGeometry Geometry { get; }

    internal Guarded<float> X { get; }

    internal Guarded<float> W { get; }

    internal Guarded<float> Dy { get; }

    internal Guarded<float>? OutputBias { get; }

    /// <summary>What a transposed convolution adds to the gradient of the input.</summary>
    internal Guarded<float>? InputBias { get; }

    /// <summary>Uniform numbers in [-1, 1).</summary>
    internal static ConvolutionCase Random(ConvGeometry geometry, int seed)
    {
        var random = new Random(seed);
        float[] x = Uniform(geometry.Batch * geometry.InChannels * geometry.InputPlane), w = Uniform(geometry.OutChannels * geometry.GroupInChannels * geometry.KernelPlane);
        float[] dy = Uniform(geometry.Batch * geometry.OutChannels * geometry.OutputPlane);
        return seed % 2 == 0 ? new(geometry, x, w, dy) : new(geometry, x, w, dy, Uniform(geometry.OutChannels), Uniform(geometry.InChannels));

        float[] Uniform(int count)
        {
            var values = new float[count];
            for (int i = 0; i < count; i++) values[i] = random.NextSingle() * 2 - 1;
            return values;
        }
    }

    internal static ConvAxis Axis(int input, int kernel, int stride = 1, int padding = 0, int dilation = 1, int behind = -1) =>
        new(input, kernel, (input + padding + (behind < 0 ? padding : behind) - dilation * (kernel - 1) - 1) / stride + 1, stride, padding, dilation);

    internal double[] Exact(ConvolutionPart part) => sums[(int)part];

    internal double[] Magnitude(ConvolutionPart part) => magnitudes[(int)part];

    /// <summary>The longest sum of a part.</summary>
    internal int Terms(ConvolutionPart part) => part switch
    {
        ConvolutionPart.Forward => Geometry.GroupInChannels * Geometry.KernelPlane,
        ConvolutionPart.Input => Geometry.GroupOutChannels * Geometry.KernelPlane,
        _ => Geometry.Batch * Geometry.OutputPlane,
    };

    /// <summary>A sum of n rounded products, in any order, and a bias: (n + 2) roundings of at most the sum of magnitudes (Higham 2002, section 3.1).</summary>
    internal double[] DirectBound(ConvolutionPart part) => Array.ConvertAll(Magnitude(part), magnitude => (Terms(part) + 2) * Rounding * magnitude);

    /// <summary>What a kernel, or the library's choice if it is null, makes of a part.</summary>
    internal float[] Run(ConvolutionPart part, ConvolutionKernel? kernel = null)
    {
        var (a, b) = Operands(part);
        return Run(part, kernel, a.Start, b.Start);
    }

    /// <summary>The same from memory that ends, or begins, where a page may not be read.</summary>
    internal float[] RunFenced(ConvolutionPart part, ConvolutionKernel? kernel, bool behind)
    {
        var (a, b) = Operands(part);
        using Fenced<float> left = new(a.Span, behind), right = new(b.Span, behind);
        return Run(part, kernel, left.Start, right.Start);
    }

    private (Guarded<float> A, Guarded<float> B) Operands(ConvolutionPart part) => (part == ConvolutionPart.Input ? Dy : X, part == ConvolutionPart.Weight ? Dy : W);

    private float[] Run(ConvolutionPart part, ConvolutionKernel? kernel, float* a, float* b)
    {
        var result = new Guarded<float>(Exact(part).Length, 16);
        var bias = part switch { ConvolutionPart.Forward => OutputBias, ConvolutionPart.Input => InputBias, _ => null };
        float* added = bias is null ? null : bias.Start;
        if (kernel is { } chosen) ConvolutionKernels.Run(chosen, part, Geometry, a, b, added, result.Start);
        else if (part == ConvolutionPart.Forward) Convolution.Forward(Geometry, a, b, added, result.Start);
        else if (part == ConvolutionPart.Input) Convolution.BackwardInput(Geometry, a, b, added, result.Start);
        else Convolution.BackwardWeight(Geometry, a, b, result.Start);
        result.Check($"{part} of {Geometry}");
        return result.Span.ToArray();
    }

    /// <summary>Fails where a result is further from the exact sum than its bound. Returns the largest error.</summary>
    internal double Check(ConvolutionPart part, float[] actual, double[] bound, string what)
    {
        var exact = Exact(part);
        double largest = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double error = Math.Abs(actual[i] - exact[i]);
            if (!(error <= bound[i])) Assert.Fail($"{what}, {part} of {Geometry}: element {i} is {actual[i]:R}, not {exact[i]:R} within {bound[i]:G3}");
            largest = Math.Max(largest, error);
        }
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum()
    {
        var g = Geometry;
        for (int part = 0; part < 3; part++)
        {
            int count = part switch { 0 => Dy.Count, 1 => X.Count, _ => W.Count };
            (sums[part], magnitudes[part]) = (new double[count], new double[count]);
            if ((part switch { 0 => OutputBias, 1 => InputBias, _ => null }) is not { } bias) continue;
            for (int i = 0; i < count; i++)
            {
                sums[part][i] = bias.Span[i / (part == 0 ? g.OutputPlane : g.InputPlane) % bias.Count];
                magnitudes[part][i] = Math.Abs(sums[part][i]);
            }
        }
        for (int image = 0; image < g.Batch; image++)
        {
            for (int o = 0; o < g.OutChannels; o++)
            {
                for (int c = 0; c < g.GroupInChannels; c++)
                {
                    int source = (image * g.InChannels + o / g.GroupOutChannels * g.GroupInChannels + c) * g.InputPlane;
                    for (int tap = 0; tap < g.KernelPlane; tap++) SumTap(source, (image * g.OutChannels + o) * g.OutputPlane, (o * g.GroupInChannels + c) * g.KernelPlane, tap);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumTap(int source, int target, int filter, int tap)
    {
        ConvAxis d = Geometry.Depth, h = Geometry.Height, w = Geometry.Width;
        int tapD = tap / (h.Kernel * w.Kernel) * d.Dilation - d.Padding, tapH = tap / w.Kernel % h.Kernel * h.Dilation - h.Padding, tapW = tap % w.Kernel * w.Dilation - w.Padding;
        double weight = W.Start[filter + tap], sum = 0, magnitude = 0;
        double[] y = sums[0], dx = sums[1], absoluteY = magnitudes[0], absoluteDx = magnitudes[1];
        for (int line = 0; line < d.Output * h.Output; line++)
        {
            int atD = line / h.Output * d.Stride + tapD, atH = line % h.Output * h.Stride + tapH;
            if ((uint)atD >= (uint)d.Input || (uint)atH >= (uint)h.Input) continue;
            int from = source + (atD * h.Input + atH) * w.Input, to = target + line * w.Output;
            for (int ow = 0, atW = tapW; ow < w.Output; ow++, atW += w.Stride)
            {
                if ((uint)atW >= (uint)w.Input) continue;
                double x = X.Start[from + atW], dy = Dy.Start[to + ow];
                y[to + ow] += x * weight;
                absoluteY[to + ow] += Math.Abs(x * weight);
                dx[from + atW] += dy * weight;
                absoluteDx[from + atW] += Math.Abs(dy * weight);
                sum += x * dy;
                magnitude += Math.Abs(x * dy);
            }
        }
        sums[2][filter + tap] += sum;
        magnitudes[2][filter + tap] += magnitude;
    }
}
