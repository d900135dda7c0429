namespace Cajal;

/// <summary>
/// y = x · scale + offset with fixed numbers that are saved with the network: standardisation of inputs and its inverse for targets, so that a
/// saved model takes and gives raw units. x [N, features] → [N, features].
/// </summary>
/// <param name="features">Length of the last axis.</param>
public sealed partial class Rescale(int features) : Module
{
    [Buffer]
    private readonly Tensor scale = Tensor.Ones([features]);

    [Buffer]
    private readonly Tensor offset = Tensor.Zeros([features]);

    /// <summary>Scale [features].</summary>
    public Tensor Scale => scale;

    /// <summary>Offset [features].</summary>
    public Tensor Offset => offset;

    /// <summary>Sets the numbers so that columns of <paramref name="samples"/> [N, features] come out with mean 0 and variance 1; constant ones come out 0.</summary>
    public Rescale Standardising(Tensor samples)
    {
        var (mean, deviation) = Statistics(samples);
        scale.CopyFrom(1 / deviation);
        offset.CopyFrom(-(mean / deviation));
        return this;
    }

    /// <summary>Sets the numbers so that values of mean 0 and variance 1 come out in the units of <paramref name="samples"/> [N, features].</summary>
    public Rescale InUnitsOf(Tensor samples)
    {
        var (mean, deviation) = Statistics(samples);
        scale.CopyFrom(deviation);
        offset.CopyFrom(mean);
        return this;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank == 0 || x.Dims[^1] != features) throw new ShapeException($"{Label}: the last axis of x must be features = {features}, but x is {x.Shape}.");
        return Report(x, x * scale + offset);
    }

    private static (Tensor Mean, Tensor Deviation) Statistics(Tensor samples)
    {
        var values = samples.Detach().Cast(DType.Float64);
        var mean = values.Mean(0);
        var deviation = (values - mean).Square().Mean(0).Sqrt();
        return (mean, Tensor.Where(deviation > 0, deviation, 1));
    }
}
