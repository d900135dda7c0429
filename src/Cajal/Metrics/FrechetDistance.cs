namespace Cajal;

/// <summary>
/// Fréchet's distance between two clouds of points, each taken as a normal distribution: ‖μ₁ - μ₂‖² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½) (Dowson and Landau 1982). It is a squared length.
/// Between features that a classifier finds in real and in generated images it tells how much the two differ: with the features of Inception-v3 that figure is the FID of Heusel et al.
/// 2017, with those of another network it is comparable only to figures of the same network.
/// </summary>
/// <remarks>
/// All is done in double precision. tr (Σ₁ Σ₂)^½ is the sum of the roots of the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which is symmetric and has the eigenvalues of Σ₁ Σ₂: no complex numbers, and
/// a covariance of few points or of idle features does no harm. The estimate is too large by a term that shrinks with the number of points, so compare clouds of equal sizes.
/// </remarks>
public static class FrechetDistance
{
    /// <summary>The distance between two clouds.</summary>
    /// <param name="first">Points [N, F].</param>
    /// <param name="second">Points [M, F].</param>
    /// <exception cref="ShapeException">They are no matrices, differ in F, or hold fewer than two points.</exception>
    public static double Between(Tensor first, Tensor second)
    {
        if (first.Rank != 2 || second.Rank != 2 || first.Dims[1] != second.Dims[1])
            throw new ShapeException($"FrechetDistance: clouds must be [N, F] and [M, F] with the same F, but they are {first.Shape} and {second.Shape}.");
        var (mean1, covariance1) = Moments(first);
        var (mean2, covariance2) = Moments(second);
        return OfGaussians(mean1, covariance1, mean2, covariance2);
    }

    /// <summary>The distance between two normal distributions.</summary>
    /// <param name="mean1">μ₁ [F].</param>
    /// <param name="covariance1">Σ₁ [F, F], symmetric, no eigenvalue negative.</param>
    /// <param name="mean2">μ₂ [F].</param>
    /// <param name="covariance2">Σ₂ [F, F].</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static double OfGaussians(Tensor mean1, Tensor covariance1, Tensor mean2, Tensor covariance2)
    {
        int features = mean1.Rank == 1 ? mean1.Dims[0] : -1;
        if (features < 1 || mean2.Shape != mean1.Shape || covariance1.Shape != Shape.Create(features, features) || covariance2.Shape != covariance1.Shape)
            throw new ShapeException($"FrechetDistance: means must be [F] and covariances [F, F]; means {mean1.Shape} and {mean2.Shape}, covariances {covariance1.Shape} and {covariance2.Shape}.");
        using var scope = new NoGrad();
        var (first, second) = (covariance1.Cast(DType.Float64), covariance2.Cast(DType.Float64));
        var root = SquareRoot(first);
        double between = NonNegative(root.MatMul(second).MatMul(root).EigenvaluesSymmetric()).Sqrt().Sum().Item();
        double apart = (mean1.Cast(DType.Float64) - mean2.Cast(DType.Float64)).Square().Sum().Item();
        return Math.Max(0, apart + first.Trace().Item() + second.Trace().Item() - 2 * between);
    }

    /// <summary>Mean [F] and covariance [F, F], divided by N - 1.</summary>
    private static (Tensor Mean, Tensor Covariance) Moments(Tensor points)
    {
        int count = points.Dims[0];
        if (count < 2) throw new ShapeException($"FrechetDistance: a cloud of {count} points has no covariance; give at least two.");
        using var scope = new NoGrad();
        var wide = points.Detach().Cast(DType.Float64);
        var mean = wide.Mean(0);
        var centred = wide - mean;
        return (mean, centred.T.MatMul(centred) / (count - 1));
    }

    /// <summary>The symmetric root of a symmetric matrix without negative eigenvalues: V √Λ Vᵀ.</summary>
    private static Tensor SquareRoot(Tensor matrix)
    {
        var (values, vectors) = matrix.EigenSymmetric();
        return (vectors * NonNegative(values).Sqrt()).MatMul(vectors.T);
    }

    /// <summary>Eigenvalues that are 0 come out of rounding a little below it.</summary>
    private static Tensor NonNegative(Tensor values) => values.Clamp(0, double.PositiveInfinity);
}
