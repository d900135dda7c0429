namespace Cajal.Models;

/// <summary>The partition function Z of a restricted Boltzmann machine, exactly, by visiting every state of its hidden units: for small machines, and to judge estimates by.</summary>
public static class PartitionFunction
{
    /// <summary>More hidden units than this take hours.</summary>
    public const int MostHidden = 24;

    private const int Chunk = 1 << 12;

    /// <summary>log Z = log Σₕ e^(cᵀh) ∫ e^((b + Wᵀh)ᵀs(v) − E₀(v)) dv, in Float64.</summary>
    /// <param name="rbm">The machine, with at most <see cref="MostHidden"/> hidden units: the work doubles with each.</param>
    /// <param name="cancellation">Asks for an early end.</param>
    /// <exception cref="ArgumentException">There are too many hidden units.</exception>
    public static double LogExact(RestrictedBoltzmannMachine rbm, CancellationToken cancellation = default)
    {
        if (rbm.Hidden > MostHidden)
        {
            throw new ArgumentException($"LogExact: the machine has {rbm.Hidden} hidden units, but {MostHidden} are the most whose states can be visited; estimate with AnnealedImportanceSampling.", nameof(rbm));
        }
        using var scope = new NoGrad();
        var (weight, visibleBias, hiddenBias) = (rbm.Weight.Cast(DType.Float64), rbm.VisibleBias.Cast(DType.Float64), rbm.HiddenBias.Cast(DType.Float64));
        long states = 1L << rbm.Hidden;
        var parts = new List<double>();
        for (long start = 0; start < states; start += Chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            var h = States(start, (int)Math.Min(Chunk, states - start), rbm.Hidden);
            parts.Add((h.MatMul(hiddenBias) + rbm.LogNormaliser(h.MatMul(weight) + visibleBias)).LogSumExp(0).Item());
        }
        return LogSumExp(parts) - rbm.ConstantEnergy;
    }

    internal static double LogSumExp(IReadOnlyList<double> values)
    {
        double largest = values.Max();
        return double.IsFinite(largest) ? largest + Math.Log(values.Sum(value => Math.Exp(value - largest))) : largest;
    }

    /// <summary>Row i holds the bits of start + i.</summary>
    private static Tensor States(long start, int count, int width)
    {
        var bits = new double[count * width];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < width; j++) bits[i * width + j] = (start + i) >> j & 1;
        }
        return Tensor.From(bits, count, width);
    }
}
