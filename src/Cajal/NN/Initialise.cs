namespace Cajal;

/// <summary>
/// Starting values for parameters. Fans are counted as everywhere in the field: of a shape [out, in, kernel...], fan-in is in · ∏ kernel and
/// fan-out out · ∏ kernel.
/// </summary>
public static class Initialise
{
    /// <summary>Uniform in ±1/√fanIn: what PyTorch gives weights and biases of linear and convolutional layers.</summary>
    public static Tensor Default(Shape shape, int fanIn) => Symmetric(shape, fanIn == 0 ? 0 : 1 / Math.Sqrt(fanIn), null);

    /// <summary>Zeros.</summary>
    public static Tensor Zeros(Shape shape) => Tensor.Zeros(shape);

    /// <summary>One value everywhere.</summary>
    public static Tensor Constant(Shape shape, double value) => Tensor.Full(shape, value);

    /// <summary>Uniform in [low, high).</summary>
    public static Tensor Uniform(Shape shape, double low = 0, double high = 1, Generator? generator = null) => Tensor.Uniform(shape, low, high, generator: generator);

    /// <summary>Gaussian.</summary>
    public static Tensor Normal(Shape shape, double mean = 0, double std = 1, Generator? generator = null) => Tensor.Normal(shape, mean, std, generator: generator);

    /// <summary>Gaussian, drawn again where further than <paramref name="cut"/> standard deviations from the mean.</summary>
    public static Tensor TruncatedNormal(Shape shape, double mean = 0, double std = 1, double cut = 2, Generator? generator = null)
    {
        if (!(cut > 0)) throw new ArgumentOutOfRangeException(nameof(cut), cut, "TruncatedNormal: the cut must be above zero.");
        var values = Tensor.Normal(shape, generator: generator);
        for (var outside = values.Abs() > cut; outside.Any().Item() != 0; outside = values.Abs() > cut)
        {
            values = Tensor.Where(outside, Tensor.Normal(shape, generator: generator), values);
        }
        return values * std + mean;
    }

    /// <summary>Uniform in ± gain √(6 / (fanIn + fanOut)) (Glorot and Bengio 2010).</summary>
    public static Tensor XavierUniform(Shape shape, double gain = 1, Generator? generator = null) => Symmetric(shape, gain * Math.Sqrt(6.0 / Sum(Fans(shape))), generator);

    /// <summary>Gaussian with variance gain² 2 / (fanIn + fanOut) (Glorot and Bengio 2010).</summary>
    public static Tensor XavierNormal(Shape shape, double gain = 1, Generator? generator = null) => Normal(shape, 0, gain * Math.Sqrt(2.0 / Sum(Fans(shape))), generator);

    /// <summary>Uniform in ± gain √(3 / fan) (He et al. 2015).</summary>
    /// <param name="shape">[out, in, kernel...].</param>
    /// <param name="gain">That of the activation that follows: <see cref="Gain"/>; √2 for rectifiers.</param>
    /// <param name="fanOut">Keep the variance of gradients instead of that of activations.</param>
    /// <param name="generator">The current one when null.</param>
    public static Tensor KaimingUniform(Shape shape, double gain = Gain.Relu, bool fanOut = false, Generator? generator = null) =>
        Symmetric(shape, gain * Math.Sqrt(3.0 / Fan(shape, fanOut)), generator);

    /// <summary>Gaussian with variance gain² / fan (He et al. 2015).</summary>
    /// <inheritdoc cref="KaimingUniform"/>
    public static Tensor KaimingNormal(Shape shape, double gain = Gain.Relu, bool fanOut = false, Generator? generator = null) =>
        Normal(shape, 0, gain / Math.Sqrt(Fan(shape, fanOut)), generator);

    /// <summary>Orthonormal rows or columns, whichever are fewer, of the matrix [out, ·] (Saxe, McClelland and Ganguli 2014), uniform over all such matrices.</summary>
    public static Tensor Orthogonal(Shape shape, double gain = 1, Generator? generator = null)
    {
        var (rows, columns) = Matrix(shape, "Orthogonal");
        var (q, r) = Tensor.Normal([Math.Max(rows, columns), Math.Min(rows, columns)], generator: generator).Qr();
        // Q alone is not uniform: the signs of R's diagonal are an artefact of the algorithm.
        q *= r.Diagonal().Sign();
        return ((rows < columns ? q.T : q) * gain).Contiguous().Reshape(shape);
    }

    /// <summary>Gaussian columns of [out, in] with a share of exact zeros, as many in each (Martens 2010).</summary>
    /// <param name="shape">[out, in].</param>
    /// <param name="sparsity">The share of zeros in each column, in [0, 1].</param>
    /// <param name="std">Standard deviation of the others.</param>
    /// <param name="generator">The current one when null.</param>
    public static Tensor Sparse(Shape shape, double sparsity, double std = 0.01, Generator? generator = null)
    {
        if (sparsity is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, "Sparse: the share of zeros must lie in [0, 1].");
        if (shape.Rank != 2) throw new ShapeException($"Sparse: the shape must be [out, in], not {shape}.");
        var values = Normal(shape, 0, std, generator);
        int zeros = (int)Math.Ceiling(sparsity * shape[0]);
        for (int column = 0; column < shape[1]; column++)
        {
            foreach (long row in Tensor.Permutation(shape[0], generator).ToArray<long>().AsSpan(0, zeros)) values.Select(0, (int)row).Select(0, column).Fill(0);
        }
        return values;
    }

    /// <summary>Filters that pass each channel on unchanged: 1 in the middle of [o, o, kernel...], 0 elsewhere.</summary>
    public static Tensor Dirac(Shape shape)
    {
        if (shape.Rank < 3) throw new ShapeException($"Dirac: the shape must be [out, in, kernel...], not {shape}.");
        var values = Tensor.Zeros(shape);
        for (int channel = 0; channel < Math.Min(shape[0], shape[1]); channel++)
        {
            var filter = values.Select(0, channel).Select(0, channel);
            while (filter.Rank > 0) filter = filter.Select(0, filter.Dims[0] / 2);
            filter.Fill(1);
        }
        return values;
    }

    /// <summary>Inputs and outputs of a unit with weights [out, in, kernel...].</summary>
    public static (int FanIn, int FanOut) Fans(Shape shape)
    {
        if (shape.Rank < 2) throw new ShapeException($"Fans: weights have at least two axes, [out, in], but the shape is {shape}.");
        int field = 1;
        for (int axis = 2; axis < shape.Rank; axis++) field *= shape[axis];
        return (shape[1] * field, shape[0] * field);
    }

    private static int Fan(Shape shape, bool fanOut) => fanOut ? Fans(shape).FanOut : Fans(shape).FanIn;

    private static int Sum((int In, int Out) fans) => fans.In + fans.Out;

    private static (int Rows, int Columns) Matrix(Shape shape, string name) =>
        shape.Rank >= 2 ? (shape[0], shape.ElementCount / Math.Max(1, shape[0])) : throw new ShapeException($"{name}: the shape must have at least two axes, but it is {shape}.");

    private static Tensor Symmetric(Shape shape, double bound, Generator? generator) => Tensor.Uniform(shape, -bound, bound, generator: generator);
}

/// <summary>By how much weights must be larger so that an activation keeps the variance.</summary>
public static class Gain
{
    /// <summary>None, sigmoid, convolution.</summary>
    public const double Linear = 1;

    /// <summary>5/3.</summary>
    public const double Tanh = 5.0 / 3;

    /// <summary>√2.</summary>
    public const double Relu = 1.4142135623730951;

    /// <summary>3/4.</summary>
    public const double Selu = 0.75;

    /// <summary>√(2 / (1 + slope²)).</summary>
    public static double LeakyRelu(double slope = 0.01) => Math.Sqrt(2 / (1 + slope * slope));
}
