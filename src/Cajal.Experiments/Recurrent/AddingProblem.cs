namespace Cajal.Experiments;

/// <summary>
/// The adding problem (Hochreiter and Schmidhuber 1997, in the form of Le, Jaitly and Hinton 2015): T numbers, two of them marked, and at the end their sum is asked for. Simulated, without end.
/// </summary>
internal static class AddingProblem
{
    /// <summary>The error of answering 1, the mean, whatever the input: the variance of a sum of two uniform numbers.</summary>
    internal const double Blind = 1.0 / 6;

    /// <summary>Inputs [N, T, 2]: uniform numbers in [0, 1), and 1 at one place in each half, 0 elsewhere. Targets [N, 1].</summary>
    internal static Batch Draw(Generator random, int count, int steps)
    {
        var (inputs, targets, numbers) = (new float[count * steps * 2], new float[count], new float[steps]);
        for (int n = 0; n < count; n++)
        {
            random.FillUniform(numbers);
            for (int t = 0; t < steps; t++) inputs[2 * (n * steps + t)] = numbers[t];
            int half = steps / 2;
            foreach (int marked in (int[])[random.NextInt(half), half + random.NextInt(steps - half)])
            {
                inputs[2 * (n * steps + marked) + 1] = 1;
                targets[n] += numbers[marked];
            }
        }
        return new(Tensor.From(inputs, count, steps, 2), Tensor.From(targets, count, 1));
    }
}
