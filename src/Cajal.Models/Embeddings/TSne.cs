namespace Cajal.Models;

/// <summary>A map of samples in the plane.</summary>
/// <param name="Embedding">Where each sample lies, [N, 2].</param>
/// <param name="KlDivergence">How much of the neighbourhoods the map loses, in nats; smaller is better.</param>
public sealed record TSneMap(Tensor Embedding, double KlDivergence);

/// <summary>
/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008): a map in the plane where neighbours stay neighbours. With pᵢⱼ the chance that i and j are neighbours among
/// the samples (Gaussian) and qᵢⱼ that on the map (Student's t with one degree of freedom), it minimises KL(P‖Q) = Σ pᵢⱼ log(pᵢⱼ / qᵢⱼ). Exact: all pairs are looked at, N² of them each step.
/// Distances between clusters and their sizes on the map mean little.
/// </summary>
/// <remarks>The same start gives the same bits on any number of threads. Momentum, gains and the default learning rate are those of the paper and of Belkina et al. 2019.</remarks>
/// <param name="perplexity">About how many neighbours each sample has; above 1 and below N.</param>
/// <param name="earlyExaggeration">Factor on pᵢⱼ in the first quarter of the steps (at most 250), which pulls clusters together while they can still pass each other.</param>
/// <param name="iterations">Steps of gradient descent.</param>
/// <param name="learningRate">By default N / earlyExaggeration / 4, but 50 at least (Belkina et al. 2019).</param>
/// <example><code>
/// var map = new TSne(perplexity: 30).Fit(x);   // x [N, ...] → map.Embedding [N, 2]
/// </code></example>
public sealed class TSne(double perplexity = 30, double earlyExaggeration = 12, int iterations = 1000, double? learningRate = null)
{
    private const int ExaggeratedAtMost = 250;
    private const double StartDeviation = 1e-4;

    private readonly double perplexity = perplexity > 1 ? perplexity : throw new ArgumentOutOfRangeException(nameof(perplexity), perplexity, "TSne: the perplexity must be above 1.");
    private readonly double exaggeration = earlyExaggeration > 0 ? earlyExaggeration
        : throw new ArgumentOutOfRangeException(nameof(earlyExaggeration), earlyExaggeration, "TSne: the early exaggeration must be positive.");
    private readonly int iterations = iterations >= 0 ? iterations : throw new ArgumentOutOfRangeException(nameof(iterations), iterations, "TSne: the number of iterations cannot be negative.");

    /// <summary>Makes the map.</summary>
    /// <param name="x">Samples [N, ...]; what stands behind N counts as D numbers.</param>
    /// <param name="start">Where the points begin, [N, 2], for example <c>Tensor.Normal([N, 2], std: 1e-4, generator: g)</c>. By default the first two principal components, made small.</param>
    /// <param name="progress">Called after every step with the share that is done; may throw to end the work.</param>
    /// <exception cref="ShapeException">The start does not fit, or there are fewer than two samples.</exception>
    /// <exception cref="ArgumentException">There are not more samples than the perplexity asks for, or a number is NaN or infinite.</exception>
    public TSneMap Fit(Tensor x, Tensor? start = null, Action<double>? progress = null)
    {
        using var noGrad = new NoGrad();
        var rows = Samples.Rows("TSne.Fit", x);
        int count = rows.Shape[0];
        if (start is not null && (start.Rank != 2 || start.Shape[0] != count || start.Shape[1] != 2)) throw new ShapeException($"TSne.Fit: start must be [{count}, 2], but is {start.Shape}.");
        var affinities = Affinities(rows, perplexity);
        var field = new TSneField(affinities, (start ?? Start(rows)).ToArray<float>());
        double rate = learningRate ?? Math.Max(count / exaggeration / 4, 50);
        int exaggerated = Math.Min(ExaggeratedAtMost, iterations / 4);
        for (int step = 0; step < iterations; step++)
        {
            bool early = step < exaggerated;
            field.Move(early ? exaggeration : 1, rate, momentum: early ? 0.5 : 0.8);
            progress?.Invoke((step + 1.0) / iterations);
        }
        var embedding = Tensor.From(field.Points(), count, 2);
        return new(embedding, KlDivergence(affinities, embedding));
    }

    /// <summary>
    /// P: pᵢⱼ = (p(j|i) + p(i|j)) / 2N, where p(j|i) falls as a Gaussian with the distance from i, its width such that its entropy is log(perplexity). Symmetric, 0 on the diagonal, sums to 1.
    /// </summary>
    /// <param name="x">Samples [N, ...].</param>
    /// <param name="perplexity">About how many neighbours each sample has; above 1 and below N.</param>
    /// <returns>Float64 [N, N].</returns>
    /// <exception cref="ArgumentException">There are not more samples than the perplexity asks for, or a number is NaN or infinite.</exception>
    public static Tensor Affinities(Tensor x, double perplexity)
    {
        var rows = Samples.Rows("TSne", x);
        int count = rows.Shape[0];
        if (!(perplexity > 1 && perplexity < count))
            throw new ArgumentException($"TSne: a perplexity of {perplexity} needs more than {perplexity} samples, and must be above 1; x is {x.Shape}.", nameof(perplexity));
        double[] values = Samples.SquaredDistances(rows);
        Samples.ForEach(count, i => Neighbourhood.Fill(values.AsSpan(i * count, count), i, Math.Log(perplexity)));
        var conditional = Tensor.From(values, count, count);
        return (conditional + conditional.T) / (2.0 * count);
    }

    /// <summary>KL(P‖Q) in nats: how much of the neighbourhoods P [N, N] the points [N, 2] lose.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static double KlDivergence(Tensor affinities, Tensor embedding)
    {
        int count = embedding.Rank == 2 ? embedding.Shape[0] : 0;
        if (affinities.Shape != Shape.Create(count, count)) throw new ShapeException($"TSne.KlDivergence: affinities must be [N, N] and embedding [N, 2], but they are {affinities.Shape} and {embedding.Shape}.");
        double[] p = affinities.ToArray<double>(), near = Array.ConvertAll(Samples.SquaredDistances(embedding.Detach()), distance => 1 / (1 + distance));
        double total = near.Sum() - count; // without the diagonal, where near is 1
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            if (p[i] > 0) sum += p[i] * Math.Log(p[i] * total / near[i]);
        }
        return sum;
    }

    private static Tensor Start(Tensor rows)
    {
        // Points on a line have one component; the other coordinate then begins at 0, where a symmetric map stays: a little of the first makes it move.
        var map = rows.Shape[1] > 1 ? Pca.Fit(rows, 2).Transform(rows.Cast(DType.Float64)) : Tensor.Concat([rows, rows.Square()], 1).Cast(DType.Float64);
        double deviation = map.Select(1, 0).Std().Item();
        return deviation > 0 ? map * (StartDeviation / deviation) : map;
    }
}
