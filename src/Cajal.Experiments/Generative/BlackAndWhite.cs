namespace Cajal.Experiments;

/// <summary>Grey images as black and white ones (Salakhutdinov and Murray 2008): a pixel is white with a probability equal to its brightness.</summary>
internal static class BlackAndWhite
{
    private const ulong Held = 0xb1ac;

    /// <summary>x [N, ...] in [0, 1] → the same shape of 0 and 1.</summary>
    internal static Tensor Of(Tensor x, Generator? generator = null) => (Tensor.Uniform(x.Shape, generator: generator) < x).Cast(DType.Float32);

    /// <summary>All images of a dataset, drawn once: the same for the same seed, whatever was drawn before.</summary>
    internal static Tensor Once(Dataset data, int seed) => Of(data.ToBatch().Inputs, new Generator((ulong)seed).Split(Held));
}
