namespace Cajal.Tests.Kernels;

/// <summary>
/// The gradients of a convolution on sizes where blocks, passes, partial sums and every tile height come into play. A convolution is linear in x and in w,
/// so for any direction u: Σ dx·u = Σ dy·(u ∗ w), and Σ dw·u = Σ dy·(x ∗ u). The forward side is checked against its definition by the op table.
/// </summary>
public class ConvolutionAdjointTests
{
    public static TheoryData<int[], int[], int, int, int, int> Shapes => new()
    {
        // x, w, stride, padding, dilation, groups
        { [8, 1, 28, 28], [6, 1, 5, 5], 1, 2, 1, 1 },
        { [4, 32, 28, 28], [64, 32, 3, 3], 1, 1, 1, 1 },
        { [2, 3, 67, 70], [64, 3, 11, 11], 4, 2, 1, 1 },
        { [3, 64, 19, 17], [61, 64, 3, 3], 2, 1, 1, 1 },
        { [2, 40, 15, 15], [33, 40, 1, 1], 1, 0, 1, 1 },
        { [2, 24, 28, 30], [24, 1, 3, 3], 1, 1, 1, 24 },
        { [2, 12, 28, 33], [12, 1, 5, 3], 2, 1, 2, 12 },
        { [2, 6, 30, 31], [9, 2, 3, 2], 3, 2, 2, 3 },
        { [1, 2, 40, 41], [13, 2, 3, 3], 1, 0, 1, 1 },
        { [1, 3, 40, 41], [7, 3, 2, 2], 1, 1, 1, 1 },
        { [5, 48, 6, 5], [2, 48, 3, 3], 1, 1, 1, 1 },
        { [5, 50, 4, 4], [3, 50, 4, 4], 1, 2, 1, 1 },
        { [2, 5, 3001], [4, 5, 9], 1, 4, 1, 1 },
        { [2, 16, 2000], [16, 1, 7], 2, 3, 3, 16 },
        { [2, 6, 9, 12, 11], [10, 6, 3, 3, 3], 2, 1, 1, 1 },
        { [2, 4, 7, 8, 33], [4, 1, 3, 2, 3], 1, 1, 1, 4 },
        { [2, 4, 5, 5], [4, 4, 1, 1], 3, 0, 1, 1 },
        { [2, 4, 2, 2], [4, 4, 3, 3], 5, 2, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Float64(int[] x, int[] w, int stride, int padding, int dilation, int groups) => Check(x, w, stride, padding, dilation, groups, DType.Float64, 1e-12);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Float32(int[] x, int[] w, int stride, int padding, int dilation, int groups) => Check(x, w, stride, padding, dilation, groups, DType.Float32, 2e-6);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TransposedConvolutionIsTheInputGradient(int[] x, int[] w, int stride, int padding, int dilation, int groups)
    {
        var generator = new Generator(2);
        var image = Random(x, DType.Float64, generator).WithGrad();
        var filters = Random(w, DType.Float64, generator);
        var y = Conv(image, filters, stride, padding, dilation, groups);
        var dy = Random(y.Shape.ToArray(), DType.Float64, generator);
        var expected = Differentiate.Grad(y, [image], dy)[0];
        int[] extra = [.. x.Skip(2).Select((n, a) => n - ((y.Shape[a + 2] - 1) * stride - 2 * padding + dilation * (w[a + 2] - 1) + 1))];
        if (extra.Any(e => e >= Math.Max(stride, dilation))) return;
        var actual = x.Length switch
        {
            3 => dy.ConvTranspose1d(filters, null, stride, padding, PerAxis.From(extra), dilation, groups),
            4 => dy.ConvTranspose2d(filters, null, stride, padding, PerAxis.From(extra), dilation, groups),
            _ => dy.ConvTranspose3d(filters, null, stride, padding, PerAxis.From(extra), dilation, groups),
        };
        Tolerances.Exact.Check(actual.ToArray<double>(), expected.ToArray<double>(), "transposed");
    }

    private static void Check(int[] xShape, int[] wShape, int stride, int padding, int dilation, int groups, DType dtype, double tolerance)
    {
        var generator = new Generator(1);
        Tensor x = Random(xShape, dtype, generator).WithGrad(), w = Random(wShape, dtype, generator).WithGrad(), b = Random([wShape[0]], dtype, generator).WithGrad();
        var y = Conv(x, w, stride, padding, dilation, groups, b);
        var dy = Random(y.Shape.ToArray(), dtype, generator);
        var gradients = Differentiate.Grad(y, [x, w, b], dy);
        for (int round = 0; round < 3; round++)
        {
            Tensor u = Random(xShape, dtype, generator), v = Random(wShape, dtype, generator);
            Equal(dy, Conv(u, w.Detach(), stride, padding, dilation, groups), gradients[0], u, tolerance);
            Equal(dy, Conv(x.Detach(), v, stride, padding, dilation, groups), gradients[1], v, tolerance);
        }
        double[] sums = new double[wShape[0]], upstream = dy.ToArray<double>();
        int plane = y.Count / y.Shape[0] / sums.Length;
        for (int i = 0; i < upstream.Length; i++) sums[i / plane % sums.Length] += upstream[i];
        Tolerances.For(dtype.ToString()).Times(10).Check(gradients[2].ToArray<double>(), sums, "bias");
    }

    /// <summary>Σ a·b = Σ c·d, relative to what the products could add up to if they all had one sign's random walk.</summary>
    private static void Equal(Tensor a, Tensor b, Tensor c, Tensor d, double tolerance)
    {
        var (left, scale) = Dot(a, b);
        var (right, _) = Dot(c, d);
        Assert.True(Math.Abs(left - right) <= tolerance * scale, $"{left} and {right} differ by {Math.Abs(left - right) / scale} of {scale}");
    }

    private static (double Sum, double Scale) Dot(Tensor a, Tensor b)
    {
        double[] x = a.ToArray<double>(), y = b.ToArray<double>();
        double sum = 0, squares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
            squares += x[i] * y[i] * x[i] * y[i];
        }
        return (sum, Math.Sqrt(squares));
    }

    private static Tensor Conv(Tensor x, Tensor w, int stride, int padding, int dilation, int groups, Tensor? b = null) => x.Rank switch
    {
        3 => x.Conv1d(w, b, stride, padding, dilation, groups),
        4 => x.Conv2d(w, b, stride, padding, dilation, groups),
        _ => x.Conv3d(w, b, stride, padding, dilation, groups),
    };

    private static Tensor Random(int[] shape, DType dtype, Generator generator) => Tensor.Uniform(shape, -1, 1, DType.Float32, generator).Cast(dtype);
}
