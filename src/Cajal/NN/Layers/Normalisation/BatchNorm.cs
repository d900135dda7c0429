namespace Cajal;

/// <summary>
/// Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it (Ioffe and Szegedy 2015). In evaluation, with running
/// averages of the batches seen in training.
/// </summary>
/// <param name="channels">C.</param>
/// <param name="epsilon">Keeps the root away from 0.</param>
/// <param name="momentum">The weight of the newest batch in the running averages; null averages over all batches alike.</param>
/// <param name="affine">Whether scale and shift are learned.</param>
/// <param name="trackRunningStats">False always normalises with the batch itself.</param>
public abstract partial class BatchNorm(int channels, double epsilon, double? momentum, bool affine, bool trackRunningStats) : Module
{
    private readonly Parameter? weight = affine ? new(Tensor.Ones(channels)) : null;
    private readonly Parameter? bias = affine ? new(Tensor.Zeros(channels)) : null;

    [Buffer]
    private readonly Tensor? runningMean = trackRunningStats ? Tensor.Zeros(channels) : null;

    [Buffer]
    private readonly Tensor? runningVar = trackRunningStats ? Tensor.Ones(channels) : null;

    [Buffer]
    private readonly Tensor? numBatchesTracked = trackRunningStats ? Tensor.Scalar(0L) : null;

    private bool plainAverage;

    /// <summary>C.</summary>
    public int Channels { get; } = channels;

    /// <summary>Keeps the root away from 0.</summary>
    public double Epsilon { get; } = epsilon;

    /// <summary>The weight of the newest batch in the running averages, or null for plain averages.</summary>
    public double? Momentum { get; } = momentum;

    /// <summary>Whether scale and shift are learned.</summary>
    public bool Affine { get; } = affine;

    /// <summary>Whether running averages are kept.</summary>
    public bool TrackRunningStats { get; } = trackRunningStats;

    /// <summary>Scale [C], or null.</summary>
    public Parameter? Weight => weight;

    /// <summary>Shift [C], or null.</summary>
    public Parameter? Bias => bias;

    /// <summary>The running mean [C], or null.</summary>
    public Tensor? RunningMean => runningMean;

    /// <summary>The running variance [C] (of a sample: divided by n - 1), or null.</summary>
    public Tensor? RunningVariance => runningVar;

    /// <summary>What x must look like.</summary>
    private protected abstract string Expected { get; }

    private protected abstract bool Fits(int rank);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other axes or channels, or in training only one value for each channel.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (!Fits(x.Rank) || x.Dims[1] != Channels) throw new ShapeException($"{Label}: x must be {Expected} with C = {Channels}, but it is {x.Shape}.");
        if (runningMean is not null && runningVar is not null && !IsTraining) return Report(x, x.NormaliseChannels(runningMean, runningVar, weight, bias, Epsilon));
        int count = x.Count / Channels;
        if (IsTraining && count == 1) throw new ShapeException($"{Label}: a batch of one value for each channel has no variance, and x is {x.Shape}. Use a larger batch, or call Eval().");
        var y = TensorOps.BatchNorm(x, weight, bias, Epsilon, out var mean, out var variance);
        if (IsTraining && runningMean is not null && runningVar is not null && numBatchesTracked is not null && count > 0)
        {
            Track(runningMean, runningVar, numBatchesTracked, mean, variance, count);
        }
        return Report(x, y);
    }

    /// <summary>From now on the running statistics are plain averages of the batches to come.</summary>
    internal void BeginStatistics()
    {
        if (runningMean is null || runningVar is null || numBatchesTracked is null) return;
        using var scope = new NoGrad();
        runningMean.Fill(0);
        runningVar.Fill(1);
        numBatchesTracked.Fill(0);
        plainAverage = true;
    }

    /// <summary>Back to the momentum it was made with.</summary>
    internal void EndStatistics() => plainAverage = false;

    private void Track(Tensor averageMean, Tensor averageVariance, Tensor batches, Tensor mean, Tensor variance, int count)
    {
        using var scope = new NoGrad();
        batches.CopyFrom(batches + 1);
        double share = plainAverage ? 1 / batches.Item() : Momentum ?? 1 / batches.Item();
        averageMean.CopyFrom(averageMean * (1 - share) + mean * share);
        averageVariance.CopyFrom(averageVariance * (1 - share) + variance * (share * count / (count - 1.0)));
    }
}

/// <summary>Batch normalisation of rows x [N, C] or sequences x [N, C, L].</summary>
/// <inheritdoc cref="BatchNorm"/>
public sealed partial class BatchNorm1d(int channels, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    : BatchNorm(channels, epsilon, momentum, affine, trackRunningStats)
{
    private protected override string Expected => "[N, C] or [N, C, L]";

    private protected override bool Fits(int rank) => rank is 2 or 3;
}

/// <summary>Batch normalisation of images x [N, C, H, W].</summary>
/// <inheritdoc cref="BatchNorm"/>
public sealed partial class BatchNorm2d(int channels, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    : BatchNorm(channels, epsilon, momentum, affine, trackRunningStats)
{
    private protected override string Expected => "[N, C, H, W]";

    private protected override bool Fits(int rank) => rank == 4;
}
