namespace Cajal.Models;

/// <summary>How much a unit follows its neighbour, by their distance d on the grid and the radius σ.</summary>
public enum SomNeighbourhood
{
    /// <summary>e^(−d²/2σ²).</summary>
    Gaussian,

    /// <summary>1 up to σ, 0 beyond.</summary>
    Bubble,

    /// <summary>1 − d²/σ² up to σ, 0 beyond.</summary>
    Epanechnikov,
}

/// <summary>How a number goes from its first to its last value, while t goes from 0 to 1.</summary>
public enum SomDecay
{
    /// <summary>first + (last − first) t.</summary>
    Linear,

    /// <summary>first (last / first)^t: by equal factors in equal times. Both must be above 0.</summary>
    Exponential,
}

/// <summary>
/// Trains a self-organising map, sample by sample (Kohonen 1982) or over all samples at once (Kohonen 1995). h(d) below is the neighbourhood of the radius at that time, u* the unit closest to a sample.
/// </summary>
/// <param name="map">The map. Put its units among the data first: <see cref="SelfOrganisingMap.StartFrom"/> or <see cref="SelfOrganisingMap.StartFlat"/>.</param>
/// <example><code>
/// map.StartFlat(data);
/// new SomTrainer(map).FitBatch(data, epochs: 20);
/// </code></example>
public sealed class SomTrainer(SelfOrganisingMap map)
{
    private const double LeastWeight = 1e-30;

    /// <summary>The map.</summary>
    public SelfOrganisingMap Map { get; } = map;

    /// <summary>How much a unit follows its neighbours.</summary>
    public SomNeighbourhood Neighbourhood { get; init; } = SomNeighbourhood.Gaussian;

    /// <summary>σ at the beginning, in units of the grid; null: half the longer side of the grid, at least 1.</summary>
    public double? FirstRadius { get; init; }

    /// <summary>σ at the end: about 1 for a smooth map, 0.5 or less for one that lies closer to the data.</summary>
    public double LastRadius { get; init; } = 0.5;

    /// <summary>α at the beginning, for training sample by sample.</summary>
    public double FirstRate { get; init; } = 0.5;

    /// <summary>α at the end.</summary>
    public double LastRate { get; init; } = 0.01;

    /// <summary>How radius and rate go down.</summary>
    public SomDecay Decay { get; init; } = SomDecay.Exponential;

    /// <summary>Sample by sample, in a new random order each pass: w ← w + α h(d(u, u*)) (x − w) for every unit u. One thread.</summary>
    /// <param name="data">[N, features].</param>
    /// <param name="updates">How many samples to look at.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    /// <param name="progress">Is told the updates done, now and then, and at the end. It may throw to end the training, and look at the map.</param>
    /// <exception cref="ShapeException">The data are not [N, features].</exception>
    public void FitOnline(Tensor data, int updates, Generator? generator = null, Action<int>? progress = null)
    {
        Map.Check(data);
        CheckSettings();
        data = data.Cast(Map.Weight.DType).Contiguous();
        if (data.DType == DType.Float64) OnlineRule.Run<double>(this, data, updates, generator ?? Generator.Current, progress);
        else OnlineRule.Run<float>(this, data, updates, generator ?? Generator.Current, progress);
    }

    /// <summary>All samples at once: w ← Σ h(d(u, u*)) x / Σ h(d(u, u*)) over all samples, for every unit u. No rate; far fewer passes; every thread.</summary>
    /// <param name="data">[N, features].</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="progress">Is told the epochs done, after each. It may throw to end the training, and look at the map.</param>
    /// <exception cref="ShapeException">The data are not [N, features].</exception>
    public void FitBatch(Tensor data, int epochs, Action<int>? progress = null)
    {
        Map.Check(data);
        CheckSettings();
        using var scope = new NoGrad();
        var dtype = Map.Weight.DType;
        data = data.Cast(dtype);
        var distances = Map.Grid.SquaredDistances();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            var best = Map.BestUnits(data);
            var sums = Tensor.ZerosLike(Map.Weight).IndexAdd(0, best, data);
            var counts = Tensor.Zeros([Map.Grid.Count, 1], dtype).IndexAdd(0, best, Tensor.Ones([data.Shape[0], 1], dtype));
            var influence = Influence(distances, RadiusAt(epoch, epochs)).Cast(dtype);
            var weights = influence.MatMul(counts);
            // A unit that no sample reaches stays where it is.
            Map.Weight.CopyFrom(Tensor.Where(weights > LeastWeight, influence.MatMul(sums) / weights.Clamp(LeastWeight, double.PositiveInfinity), Map.Weight));
            progress?.Invoke(epoch + 1);
        }
    }

    /// <summary>σ before update <paramref name="step"/> of <paramref name="steps"/>, both from 0.</summary>
    public double RadiusAt(int step, int steps) => Between(FirstRadius ?? Math.Max(1, Math.Max(Map.Rows, Map.Columns) / 2.0), LastRadius, step, steps);

    /// <summary>α before update <paramref name="step"/> of <paramref name="steps"/>, both from 0.</summary>
    public double RateAt(int step, int steps) => Between(FirstRate, LastRate, step, steps);

    /// <summary>h, by the squared distance on the grid and the radius σ.</summary>
    public double InfluenceAt(double squaredDistance, double radius) => Neighbourhood switch
    {
        SomNeighbourhood.Bubble => squaredDistance <= radius * radius ? 1 : 0,
        SomNeighbourhood.Epanechnikov => Math.Max(0, 1 - squaredDistance / (radius * radius)),
        _ => Math.Exp(-squaredDistance / (2 * radius * radius)),
    };

    private Tensor Influence(Tensor squaredDistances, double radius) => Neighbourhood switch
    {
        SomNeighbourhood.Bubble => (squaredDistances <= radius * radius).Cast(DType.Float64),
        SomNeighbourhood.Epanechnikov => (1 - squaredDistances / (radius * radius)).Clamp(0, 1),
        _ => (squaredDistances * (-0.5 / (radius * radius))).Exp(),
    };

    private double Between(double first, double last, int step, int steps)
    {
        double t = steps <= 1 ? 0 : (double)step / (steps - 1);
        return Decay == SomDecay.Linear ? first + (last - first) * t : first * Math.Pow(last / first, t);
    }

    private void CheckSettings()
    {
        if (!(FirstRadius is null or > 0) || !(LastRadius > 0)) throw new InvalidOperationException($"SomTrainer: radii must be above 0, but FirstRadius is {FirstRadius} and LastRadius {LastRadius}.");
        if (!(FirstRate is > 0 and <= 1) || !(LastRate is > 0 and <= 1)) throw new InvalidOperationException($"SomTrainer: rates must lie above 0 and not above 1, but FirstRate is {FirstRate} and LastRate {LastRate}.");
    }
}
