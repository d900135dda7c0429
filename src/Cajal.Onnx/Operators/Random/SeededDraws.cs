namespace Cajal.Onnx;

/// <summary>
/// Random numbers of operators with a seed: those of the Mersenne Twister (Matsumoto and Nishimura 1998), which ONNX's reference implementation draws, so that a seeded graph gives the same
/// numbers here as there. Without a seed they come from <see cref="Generator.Current"/>.
/// </summary>
internal static class SeededDraws
{
    /// <summary>Numbers in [0, 1).</summary>
    internal static double[] Uniform(long? seed, int count)
    {
        var drawn = new double[count];
        if (seed is null) return Tensor.Uniform([count], 0, 1, DType.Float64).ToArray<double>();
        var twister = new MersenneTwister((uint)seed.Value);
        for (int i = 0; i < count; i++) drawn[i] = twister.NextDouble();
        return drawn;
    }

    /// <summary>Gaussian numbers of mean 0 and variance 1, in pairs by the polar method (Marsaglia and Bray 1964).</summary>
    internal static double[] Normal(long? seed, int count)
    {
        if (seed is null) return Tensor.Normal([count], 0, 1, DType.Float64).ToArray<double>();
        var drawn = new double[count];
        var twister = new MersenneTwister((uint)seed.Value);
        for (int i = 0; i < count; i += 2)
        {
            double x, y, square;
            do
            {
                x = 2 * twister.NextDouble() - 1;
                y = 2 * twister.NextDouble() - 1;
                square = x * x + y * y;
            }
            while (square is >= 1 or 0);
            double factor = Math.Sqrt(-2 * Math.Log(square) / square);
            drawn[i] = factor * y;
            if (i + 1 < count) drawn[i + 1] = factor * x;
        }
        return drawn;
    }
}
