namespace Cajal.Tests;

/// <summary>Fréchet's distance against closed forms and against a general matrix root (<c>frechet.py</c>).</summary>
public class FrechetDistanceTests
{
    /// <summary>Printed by <c>frechet.py</c> with SciPy 1.10.1.</summary>
    private const double SmallClouds = 0.460578351928, LargeClouds = 40.264790178778;

    [Fact]
    public void AgreesWithAGeneralMatrixRoot()
    {
        Assert.Equal(SmallClouds, FrechetDistance.Between(Cloud(40, 3, 0), Cloud(25, 3, 1)), 1e-9);
        Assert.Equal(LargeClouds, FrechetDistance.Between(Cloud(60, 8, 0.5), 1.5 * Cloud(60, 8, 2) + 1), 1e-8);
    }

    [Fact]
    public void IndependentFeaturesAddUp()
    {
        // Σ (μ₁ - μ₂)² + (σ₁ - σ₂)²: 9 + (2 - 1)² and 0 + (3 - 0)².
        var (first, second) = (Diagonal(4, 9), Diagonal(1, 0));
        Assert.Equal(19, FrechetDistance.OfGaussians(Vector(3, 1), first, Vector(0, 1), second), 1e-12);
    }

    [Fact]
    public void ATurnOfBothChangesNothing()
    {
        var turn = Tensor.From([0.8, -0.6, 0.6, 0.8], 2, 2);
        var (first, second) = (turn.MatMul(Diagonal(4, 9)).MatMul(turn.T), turn.MatMul(Diagonal(1, 25)).MatMul(turn.T));
        Assert.Equal(1 + 4, FrechetDistance.OfGaussians(Vector(0, 0), first, Vector(0, 0), second), 1e-12);
    }

    [Fact]
    public void CovariancesThatDoNotCommute()
    {
        // For 2 x 2 matrices tr √M = √(tr M + 2 √det M), with M = [[4, 2], [2, 3]] diag(1, 9).
        var first = Tensor.From([4.0, 2, 2, 3], 2, 2);
        double root = Math.Sqrt(4 + 27 + 2 * Math.Sqrt(8 * 9));
        Assert.Equal(7 + 10 - 2 * root, FrechetDistance.OfGaussians(Vector(0, 0), first, Vector(0, 0), Diagonal(1, 9)), 1e-12);
    }

    [Fact]
    public void NothingLiesBetweenACloudAndItself()
    {
        // Fewer points than features: a singular covariance, of whose zero eigenvalues the roots of the rounding errors are left.
        const double Rounding = 1e-5;
        var points = Cloud(5, 8, 1);
        Assert.Equal(0, FrechetDistance.Between(points, points), Rounding);
        Assert.Equal(FrechetDistance.Between(points, Cloud(9, 8, 2)), FrechetDistance.Between(Cloud(9, 8, 2), points), Rounding);
        Assert.Equal(8 * 4, FrechetDistance.Between(points, points + 2), Rounding);
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        Assert.Contains("the same F, but they are [4, 3] and [4, 2]", Assert.Throws<ShapeException>(() => FrechetDistance.Between(Cloud(4, 3, 0), Cloud(4, 2, 0))).Message);
        Assert.Contains("a cloud of 1 points has no covariance", Assert.Throws<ShapeException>(() => FrechetDistance.Between(Cloud(4, 3, 0), Cloud(1, 3, 0))).Message);
        Assert.Contains("covariances [F, F]", Assert.Throws<ShapeException>(() => FrechetDistance.OfGaussians(Vector(0, 0), Diagonal(1, 1), Vector(0), Diagonal(1, 1))).Message);
    }

    private static Tensor Cloud(int rows, int columns, double phase)
    {
        var values = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) values[i * columns + j] = Math.Sin(phase + 3 * i + 5 * j + 0.1 * i * j) * (1 + j);
        }
        return Tensor.From(values, rows, columns);
    }

    private static Tensor Vector(params double[] values) => Tensor.From(values, values.Length);

    private static Tensor Diagonal(double first, double second) => Tensor.From([first, 0, 0, second], 2, 2);
}
