using Cajal.Kernels;

namespace Cajal.Backends;

internal abstract partial class Backend
{
    /// <summary>Normalises rows; also gives the mean and the variance of each, [Rows].</summary>
    internal abstract Tensor Normalise(Tensor x, Tensor? weight, Tensor? bias, NormGeometry geometry, double epsilon, bool centre, out Tensor mean, out Tensor variance);

    /// <summary>The gradients of <see cref="Normalise"/>; those of weight and bias as [lines, weights], to be added up over the lines.</summary>
    internal abstract (Tensor? X, Tensor? Weight, Tensor? Bias) NormaliseBackward(
        Tensor g, Tensor x, Tensor? weight, Tensor mean, Tensor variance, NormGeometry geometry, double epsilon, bool centre, (bool X, bool Weight, bool Bias) needs);

    /// <summary>Dampens each channel by its neighbours: x [N, C, ...] → [N, C, ...].</summary>
    internal abstract Tensor LocalResponseNorm(Tensor x, ResponseWindow window);

    /// <summary>The gradient of <see cref="LocalResponseNorm"/>.</summary>
    internal abstract Tensor LocalResponseNormBackward(Tensor g, Tensor x, ResponseWindow window);
}
