namespace Cajal;

/// <summary>What a model from a stranger may use. The defaults suit models that are trusted to be of use, and still refuse files that lie about their size.</summary>
public sealed record OnnxOptions
{
    /// <summary>The defaults.</summary>
    public static OnnxOptions Default { get; } = new();

    /// <summary>The longest file that is read, with its external data: 8 GiB.</summary>
    public long LargestFile { get; init; } = 8L << 30;

    /// <summary>Nodes of all graphs together: a million.</summary>
    public int MostNodes { get; init; } = 1_000_000;

    /// <summary>Turns of all loops of one run together: a hundred million.</summary>
    public long MostIterations { get; init; } = 100_000_000;

    /// <summary>Bytes of all tensors that one run may make, freed ones included; no limit when null.</summary>
    public long? MostBytes { get; init; }

    /// <summary>Whether floating initialisers become parameters, so that the model can be trained.</summary>
    public bool Trainable { get; init; } = true;
}
