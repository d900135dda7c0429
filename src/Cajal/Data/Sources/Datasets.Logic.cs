namespace Cajal;

public static partial class Datasets
{
    /// <summary>Logical AND of two bits: inputs [4, 2], class 1 where both are 1. Linearly separable.</summary>
    public static Dataset And() => Logic("and", 2, bits => bits == 0b11);

    /// <summary>Logical OR of two bits: inputs [4, 2], class 1 where any is 1. Linearly separable.</summary>
    public static Dataset Or() => Logic("or", 2, bits => bits != 0);

    /// <summary>Exclusive OR of two bits: inputs [4, 2], class 1 where they differ. Not linearly separable.</summary>
    /// <remarks>Source: Minsky and Papert 1969, Perceptrons.</remarks>
    public static Dataset Xor() => Logic("xor", 2, bits => int.PopCount(bits) % 2 == 1);

    /// <summary>All words of n bits: inputs [2^n, n], class 1 where the number of ones is odd.</summary>
    /// <param name="bits">n, 1 to 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is not 1 to 16.</exception>
    public static Dataset Parity(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 16);
        return Logic($"parity-{bits}", bits, word => int.PopCount(word) % 2 == 1);
    }

    private static TensorDataset Logic(string name, int bits, Func<int, bool> truth)
    {
        int rows = 1 << bits;
        var inputs = new float[rows * bits];
        var targets = new long[rows];
        for (int word = 0; word < rows; word++)
        {
            for (int bit = 0; bit < bits; bit++)
            {
                // The first column is the most significant bit, so rows count upwards as in a truth table.
                inputs[word * bits + bit] = (word >> (bits - 1 - bit)) & 1;
            }
            targets[word] = truth(word) ? 1 : 0;
        }
        return new TensorDataset(Tensor.From(inputs, rows, bits), Tensor.From(targets, rows), new DatasetInfo(name, LearningTask.Classification)
        {
            Classes = ["0", "1"],
            FeatureNames = [.. Enumerable.Range(1, bits).Select(i => $"x{i}")],
            Description = $"Truth table of {name} over {bits} bits.",
        });
    }
}
