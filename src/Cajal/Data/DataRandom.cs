namespace Cajal;

/// <summary>Generators for named purposes, each a pure function of its arguments.</summary>
internal static class DataRandom
{
    private const ulong OrderStream = 1;
    private const ulong SampleStream = 2;
    private const ulong BatchStream = 3;

    /// <summary>For a split, a shuffle or a generated dataset.</summary>
    internal static Generator Seeded(int seed) => new(unchecked((ulong)seed));

    /// <summary>For the order of one epoch.</summary>
    internal static Generator ForEpoch(int seed, int epoch) => new Generator(unchecked((ulong)seed), OrderStream).Split((ulong)epoch);

    /// <summary>For code that draws from the ambient generator while a batch is read.</summary>
    internal static Generator ForBatch(int seed, int epoch, int batch) =>
        new Generator(unchecked((ulong)seed), BatchStream).Split(((ulong)(uint)epoch << 32) | (uint)batch);

    /// <summary>For the augmentation of one sample in one epoch.</summary>
    internal static Generator ForSample(int seed, int epoch, int sample) =>
        new Generator(unchecked((ulong)seed), SampleStream).Split(((ulong)(uint)epoch << 32) | (uint)sample);
}
