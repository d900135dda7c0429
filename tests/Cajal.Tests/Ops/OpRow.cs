namespace Cajal.Tests.Ops;

/// <summary>
/// What is known about one public op: how to call it, what it must give, and where to try it. Every check of <see cref="OpForwardTests"/>,
/// <see cref="OpGradientTests"/>, <see cref="OpLayoutTests"/>, <see cref="OpThreadTests"/> and <see cref="SimdTierTests"/> is derived from it.
/// </summary>
/// <param name="Name">The public method, or <c>operator +</c>. Several rows may share it.</param>
/// <param name="Apply">The call, attributes closed over.</param>
/// <param name="Reference">The same by naive float64 loops, written from the definition.</param>
public sealed record OpRow(string Name, Func<Tensor[], Tensor> Apply, Func<RefArray[], RefArray> Reference)
{
    /// <summary>Tells rows of one name apart.</summary>
    public string Variant { get; init; } = "";

    public required OpSample[] Samples { get; init; }

    /// <summary>Inputs big enough for several threads; the largest sample when not given.</summary>
    public OpSample? Large { get; init; }

    /// <summary>Whether gradients are checked. Set it to false for results without one.</summary>
    public bool Differentiable { get; init; } = true;

    public bool SecondDifferentiable { get; init; } = true;

    /// <summary>Multiplies the tolerances of values, for functions that magnify the rounding of their input; say why beside it.</summary>
    public double Loose { get; init; } = 1;

    /// <summary>Multiplies the tolerances of gradient checks, for functions that bend within a difference step; say why beside it.</summary>
    public double LooseGradient { get; init; } = 1;

    /// <summary>Float32 and Float64 give the same numbers (copies, comparisons of the inputs themselves).</summary>
    public bool Exact { get; init; }

    /// <summary>The dtype of the result where it is not that of the real inputs.</summary>
    public DType? Result { get; init; }

    public OpError[] Errors { get; init; } = [];

    public string Id => Variant.Length == 0 ? Name : $"{Name}/{Variant}";

    /// <summary>Samples small enough for central differences, at least one of them not empty.</summary>
    public IEnumerable<OpSample> GradientSamples => Samples.Where(sample => sample.Count is > 0 and <= 40);

    internal OpSample LargeSample => Large ?? Samples.MaxBy(sample => sample.Count)!;

    internal Tolerance Tolerance(DType dtype) =>
        Exact ? Tolerances.Exact : (dtype == DType.Float64 ? Tolerances.Float64 : Tolerances.Float32).Times(Loose);

    public override string ToString() => Id;
}
