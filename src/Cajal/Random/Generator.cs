namespace Cajal;

/// <summary>
/// A source of random numbers. Value number i of stream (seed, stream) is a pure function of the three, so equal seeds give equal bits
/// on one thread or many. Safe to share between threads: each call takes its own piece of the sequence.
/// </summary>
/// <remarks>
/// Uniform and whole numbers are the same on every machine; normal ones may differ in their last bits between processors.
/// </remarks>
public sealed partial class Generator(ulong seed, ulong stream = 0)
{
    private const ulong MaxPosition = 1ul << 62;
    private const ulong SplitKey = 0x5851F42D4C957F2D;

    private static readonly AsyncLocal<Generator?> Ambient = new();
    private static Generator shared = new(0);

    private ulong seed = seed;
    private ulong stream = stream;
    private long position;

    /// <summary>
    /// The generator used where none is given: the one made current by <see cref="Use"/> in this flow, else the process-wide one.
    /// </summary>
    public static Generator Current => Ambient.Value ?? Volatile.Read(ref shared);

    /// <summary>The number the sequence begins with; same seed and stream, same values.</summary>
    public ulong Seed => seed;

    /// <summary>Which of the independent sequences of the seed this is.</summary>
    public ulong Stream => stream;

    /// <summary>How many values have been drawn.</summary>
    public ulong Position => (ulong)Interlocked.Read(ref position);

    /// <summary>Everything needed to continue later. Do not set it while another thread draws.</summary>
    public GeneratorState State
    {
        get => new(seed, stream, Position);
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Position, MaxPosition);
            (seed, stream) = (value.Seed, value.Stream);
            Interlocked.Exchange(ref position, (long)value.Position);
        }
    }

    /// <summary>Restarts the process-wide generator. Generators made current by <see cref="Use"/> are not touched.</summary>
    public static void SetSeed(ulong seed) => Volatile.Write(ref shared, new Generator(seed));

    /// <summary>An independent generator that depends on this one's seed and stream and on the label, not on what has been drawn.</summary>
    public Generator Split(ulong label)
    {
        var (x0, x1, x2, x3) = Philox.Block(label, stream, seed ^ SplitKey);
        return new Generator(x0 | ((ulong)x1 << 32), x2 | ((ulong)x3 << 32));
    }

    /// <summary>Makes this generator <see cref="Current"/> for this flow, across awaits, until the result is disposed.</summary>
    public IDisposable Use()
    {
        var scope = new Scope(Ambient.Value);
        Ambient.Value = this;
        return scope;
    }

    /// <summary>Takes the next <paramref name="count"/> values for the caller, who may compute them in any order.</summary>
    internal GeneratorState Reserve(long count) => new(seed, stream, (ulong)(Interlocked.Add(ref position, count) - count));

    /// <summary>Seed, stream and position, as one would write them.</summary>
    public override string ToString() => $"Generator(seed: {seed}, stream: {stream}, position: {Position})";

    private sealed class Scope(Generator? previous) : IDisposable
    {
        private bool disposed;

        public void Dispose()
        {
            if (disposed) return;
            disposed = true;
            Ambient.Value = previous;
        }
    }
}
