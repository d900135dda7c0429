namespace Cajal;

/// <summary>Some samples, stacked along axis 0.</summary>
/// <param name="Inputs">[N, ...], usually Float32: [N, F] for tables, [N, C, H, W] for images.</param>
/// <param name="Targets">Classification: Int64 [N]. Regression: Float32 [N, M]. One-hot or soft targets: Float32 [N, K].</param>
public sealed record Batch(Tensor Inputs, Tensor Targets)
{
    /// <summary>Number of samples N.</summary>
    public int Count => Inputs.Shape[0];
}

/// <summary>One sample, without the batch axis.</summary>
/// <param name="Input">[F] or [C, H, W].</param>
/// <param name="Target">Classification: Int64 scalar. Regression: [M].</param>
public sealed record Sample(Tensor Input, Tensor Target);
