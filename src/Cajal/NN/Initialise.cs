namespace Cajal;

/// <summary>Random starting values for parameters.</summary>
public static class Initialise
{
    /// <summary>Uniform in ±1/√fanIn: what PyTorch gives weights and biases of linear and convolutional layers.</summary>
    public static Tensor Default(Shape shape, int fanIn) => Tensor.Uniform(shape, -1 / Math.Sqrt(fanIn), 1 / Math.Sqrt(fanIn));

    /// <summary>Uniform in ±√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010).</summary>
    public static Tensor XavierUniform(Shape shape, int fanIn, int fanOut, double gain = 1) => Symmetric(shape, gain * Math.Sqrt(6.0 / (fanIn + fanOut)));

    /// <summary>Gaussian with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010).</summary>
    public static Tensor XavierNormal(Shape shape, int fanIn, int fanOut, double gain = 1) => Tensor.Normal(shape, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));

    /// <summary>Uniform in ±√(6 / fanIn), for rectifiers (He et al. 2015).</summary>
    public static Tensor KaimingUniform(Shape shape, int fanIn) => Symmetric(shape, Math.Sqrt(6.0 / fanIn));

    /// <summary>Gaussian with variance 2 / fanIn, for rectifiers (He et al. 2015).</summary>
    public static Tensor KaimingNormal(Shape shape, int fanIn) => Tensor.Normal(shape, 0, Math.Sqrt(2.0 / fanIn));

    private static Tensor Symmetric(Shape shape, double bound) => Tensor.Uniform(shape, -bound, bound);
}
