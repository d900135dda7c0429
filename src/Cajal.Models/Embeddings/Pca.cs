namespace Cajal.Models;

/// <summary>
/// Principal components (Pearson 1901; Hotelling 1933): the directions in which the samples vary most, at right angles to each other. No linear code of the same size
/// gives the samples back with a smaller squared error. Exact, in Float64: eigenvectors of the covariance, or a singular value decomposition where there are fewer samples than numbers in each.
/// </summary>
/// <example><code>
/// var pca = Pca.Fit(x, components: 2);
/// var map = pca.Transform(x);             // [N, 2]
/// var back = pca.Inverse(map);            // [N, D]
/// </code></example>
public sealed class Pca
{
    private const int ChunkRows = 4096;
    private readonly Tensor mean, components;

    private Pca(Tensor mean, Tensor components, Tensor variance, double total)
    {
        (this.mean, this.components, ExplainedVariance) = (mean, components, variance);
        ExplainedVarianceRatio = total > 0 ? variance / total : Tensor.ZerosLike(variance);
    }

    /// <summary>Mean of the samples, Float64 [D].</summary>
    public Tensor Mean => mean;

    /// <summary>The directions, of length 1, that of the greatest variance first; the element largest in size is positive. Float64 [components, D].</summary>
    public Tensor Components => components;

    /// <summary>Variance along each direction, divided by N - 1. Float64 [components].</summary>
    public Tensor ExplainedVariance { get; }

    /// <summary>The same as a share of the variance in all D directions. Float64 [components].</summary>
    public Tensor ExplainedVarianceRatio { get; }

    /// <summary>Finds the components of samples.</summary>
    /// <param name="x">[N, ...], N ≥ 2; what stands behind N counts as D numbers.</param>
    /// <param name="components">How many to keep, from 1 to the smaller of N and D.</param>
    /// <exception cref="ShapeException">There are fewer than two samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">So many components do not exist.</exception>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public static Pca Fit(Tensor x, int components)
    {
        var rows = Samples.Rows("Pca.Fit", x);
        int count = rows.Shape[0], width = rows.Shape[1], most = Math.Min(count, width);
        if (count < 2) throw new ShapeException($"Pca.Fit: variance needs two samples at least, but x is {x.Shape}.");
        if (components < 1 || components > most)
            throw new ArgumentOutOfRangeException(nameof(components), components, $"Pca.Fit: {count} samples of {width} numbers have 1 to {most} components.");
        using var noGrad = new NoGrad();
        var mean = MeanOf(rows);
        if (count < width)
        {
            var (_, singular, directions) = (rows.Cast(DType.Float64) - mean).Svd();
            var variances = singular.Square() / (count - 1);
            return new(mean, directions[..components].Contiguous(), variances[..components].Contiguous(), variances.Sum().Item());
        }
        var (values, vectors) = CovarianceOf(rows, mean).EigenSymmetric();
        values = values.Flip(0).Clamp(0, double.PositiveInfinity); // rounding leaves some of the zeros below 0
        return new(mean, vectors.T.Flip(0)[..components].Contiguous(), values[..components].Contiguous(), values.Sum().Item());
    }

    /// <summary>Codes of samples: x [N, ...] → [N, components], in the dtype of x (integers: Float32).</summary>
    /// <exception cref="ShapeException">The samples have another size than those of <see cref="Fit"/>.</exception>
    public Tensor Transform(Tensor x)
    {
        int width = mean.Count;
        if (x.Rank == 0 || x.Shape[0] * (long)width != x.Count) throw new ShapeException($"Pca.Transform: each sample must hold {width} numbers, but x is {x.Shape}.");
        var type = x.DType.IsFloating ? x.DType : DType.Float32;
        return (x.Cast(type).Reshape(x.Shape[0], width) - mean.Cast(type)).MatMul(components.Cast(type).T);
    }

    /// <summary>Samples from their codes: [N, components] → [N, D].</summary>
    /// <exception cref="ShapeException">The codes have another length.</exception>
    public Tensor Inverse(Tensor codes)
    {
        int length = components.Shape[0];
        if (codes.Rank != 2 || codes.Shape[1] != length) throw new ShapeException($"Pca.Inverse: codes must be [N, {length}], but are {codes.Shape}.");
        var type = codes.DType.IsFloating ? codes.DType : DType.Float32;
        return codes.Cast(type).MatMul(components.Cast(type)) + mean.Cast(type);
    }

    private static Tensor MeanOf(Tensor rows)
    {
        var sum = Tensor.Zeros(Shape.Create(rows.Shape[1]), DType.Float64);
        foreach (var chunk in Chunks(rows)) sum += chunk.Sum([0]);
        return sum / rows.Shape[0];
    }

    // Centred before the product, chunk by chunk: as exact as of the whole, without a Float64 copy of all samples.
    private static Tensor CovarianceOf(Tensor rows, Tensor mean)
    {
        int width = rows.Shape[1];
        var sum = Tensor.Zeros(Shape.Create(width, width), DType.Float64);
        foreach (var chunk in Chunks(rows))
        {
            var centred = chunk - mean;
            sum += centred.T.MatMul(centred);
        }
        return sum / (rows.Shape[0] - 1);
    }

    private static IEnumerable<Tensor> Chunks(Tensor rows)
    {
        for (int start = 0; start < rows.Shape[0]; start += ChunkRows)
        {
            yield return rows[start..Math.Min(rows.Shape[0], start + ChunkRows)].Cast(DType.Float64);
        }
    }
}
