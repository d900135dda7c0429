namespace Cajal;

public static partial class Datasets
{
    /// <summary>Two concentric circles, radius 1 (class 0) and <paramref name="factor"/> (class 1). Inputs [N, 2].</summary>
    /// <param name="n">Number of points; half on each circle.</param>
    /// <param name="noise">Standard deviation of Gaussian noise on both coordinates.</param>
    /// <param name="factor">Radius of the inner circle, 0 to 1.</param>
    /// <param name="seed">Fixes the points.</param>
    /// <remarks>Definition as scikit-learn's make_circles.</remarks>
    public static Dataset Circles(int n = 500, double noise = 0.05, double factor = 0.5, int seed = 0) =>
        Classes2d("circles", n, 2, noise, seed, "Two concentric circles", (random, k, i, count) =>
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * i / count);
            double radius = k == 0 ? 1 : factor;
            return (radius * cos, radius * sin);
        });

    /// <summary>Two interleaving half circles. Inputs [N, 2], 2 classes.</summary>
    /// <param name="n">Number of points.</param>
    /// <param name="noise">Standard deviation of Gaussian noise on both coordinates.</param>
    /// <param name="seed">Fixes the points.</param>
    /// <remarks>Definition as scikit-learn's make_moons.</remarks>
    public static Dataset Moons(int n = 500, double noise = 0.1, int seed = 0) =>
        Classes2d("moons", n, 2, noise, seed, "Two interleaving half circles", (random, k, i, count) =>
        {
            (double sin, double cos) = Math.SinCos(Math.PI * i / Math.Max(1, count - 1));
            return k == 0 ? (cos, sin) : (1 - cos, 0.5 - sin);
        });

    /// <summary>Round Gaussian clouds, one per class, centres uniform in the square [-10, 10]^2. Inputs [N, 2].</summary>
    /// <param name="n">Number of points.</param>
    /// <param name="classes">Number of clouds.</param>
    /// <param name="noise">Standard deviation of each cloud.</param>
    /// <param name="seed">Fixes centres and points.</param>
    /// <remarks>Definition as scikit-learn's make_blobs.</remarks>
    public static Dataset Blobs(int n = 500, int classes = 3, double noise = 1, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Generator random = DataRandom.Seeded(seed).Split(1);
        (double X, double Y)[] centres = [.. Enumerable.Range(0, classes).Select(_ => (20 * random.NextUniform() - 10, 20 * random.NextUniform() - 10))];
        return Classes2d("blobs", n, classes, noise, seed, "Gaussian clouds", (_, k, _, _) => centres[k]);
    }

    /// <summary>Interleaved spiral arms, one per class, radius growing to 5 over 1.75 turns. Inputs [N, 2].</summary>
    /// <param name="n">Number of points.</param>
    /// <param name="classes">Number of arms.</param>
    /// <param name="noise">Standard deviation of Gaussian noise on both coordinates.</param>
    /// <param name="seed">Fixes the points.</param>
    /// <remarks>Definition as TensorFlow Playground's "spiral", with Gaussian instead of uniform noise and any number of arms.</remarks>
    public static Dataset Spirals(int n = 500, int classes = 2, double noise = 0.1, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return Classes2d("spirals", n, classes, noise, seed, "Interleaved spiral arms", (random, k, i, count) =>
        {
            double along = (double)i / count;
            (double sin, double cos) = Math.SinCos(1.75 * along * 2 * Math.PI + 2 * Math.PI * k / classes);
            return (5 * along * sin, 5 * along * cos);
        });
    }

    /// <summary>A plane: y = (x1 + x2) / 10 for points uniform in [-6, 6]^2. Inputs [N, 2], targets [N, 1].</summary>
    /// <param name="n">Number of points.</param>
    /// <param name="noise">Standard deviation of Gaussian noise on the target.</param>
    /// <param name="seed">Fixes the points.</param>
    /// <remarks>Definition as TensorFlow Playground's "plane".</remarks>
    public static Dataset RegressionPlane(int n = 500, double noise = 0, int seed = 0) =>
        Regression("regression-plane", n, 2, -6, 6, noise, seed, "y = (x1 + x2) / 10 on [-6, 6]^2", x => (x[0] + x[1]) / 10);

    /// <summary>Six bumps of alternating sign on a plane: the largest of max(0, 1 - distance / 2) decides. Inputs [N, 2], targets [N, 1].</summary>
    /// <param name="n">Number of points.</param>
    /// <param name="noise">Standard deviation of Gaussian noise on the target.</param>
    /// <param name="seed">Fixes the points.</param>
    /// <remarks>Definition as TensorFlow Playground's "multi-gaussian".</remarks>
    public static Dataset RegressionGaussian(int n = 500, double noise = 0, int seed = 0)
    {
        (double X, double Y, int Sign)[] bumps = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)];
        return Regression("regression-gaussian", n, 2, -6, 6, noise, seed, "Six bumps of alternating sign on [-6, 6]^2", x =>
        {
            double highest = 0;
            foreach ((double bx, double by, int sign) in bumps)
            {
                double height = sign * Math.Max(0, 1 - 0.5 * Math.Sqrt((x[0] - bx) * (x[0] - bx) + (x[1] - by) * (x[1] - by)));
                highest = Math.Abs(height) > Math.Abs(highest) ? height : highest;
            }
            return highest;
        });
    }

    /// <summary>A sine: y = sin x for x uniform in [-pi, pi]. Inputs [N, 1], targets [N, 1].</summary>
    /// <param name="n">Number of points.</param>
    /// <param name="noise">Standard deviation of Gaussian noise on the target.</param>
    /// <param name="seed">Fixes the points.</param>
    public static Dataset Sine(int n = 500, double noise = 0, int seed = 0) =>
        Regression("sine", n, 1, -Math.PI, Math.PI, noise, seed, "y = sin x on [-pi, pi]", x => Math.Sin(x[0]));

    private static TensorDataset Classes2d(
        string name, int n, int classes, double noise, int seed, string what, Func<Generator, int, int, int, (double X, double Y)> place)
    {
        CheckGenerator(n, noise);
        Generator random = DataRandom.Seeded(seed);
        var inputs = new float[2 * n];
        var targets = new long[n];
        for (int k = 0, row = 0; k < classes; k++)
        {
            int count = n / classes + (k < n % classes ? 1 : 0);
            for (int i = 0; i < count; i++, row++)
            {
                (double x, double y) = place(random, k, i, count);
                inputs[2 * row] = (float)(x + noise * random.NextNormal());
                inputs[2 * row + 1] = (float)(y + noise * random.NextNormal());
                targets[row] = k;
            }
        }
        return new TensorDataset(Tensor.From(inputs, n, 2), Tensor.From(targets, n), new DatasetInfo(name, LearningTask.Classification)
        {
            Classes = [.. Enumerable.Range(0, classes).Select(k => FormattableString.Invariant($"{k}"))],
            FeatureNames = ["x1", "x2"],
            Description = FormattableString.Invariant($"{what}, {n} points, noise {noise}. Simulated."),
        });
    }

    private static TensorDataset Regression(
        string name, int n, int dimensions, double low, double high, double noise, int seed, string what, Func<double[], double> function)
    {
        CheckGenerator(n, noise);
        Generator random = DataRandom.Seeded(seed);
        var inputs = new float[n * dimensions];
        var targets = new float[n];
        var point = new double[dimensions];
        for (int row = 0; row < n; row++)
        {
            for (int d = 0; d < dimensions; d++)
            {
                point[d] = low + (high - low) * random.NextUniform();
                inputs[row * dimensions + d] = (float)point[d];
            }
            targets[row] = (float)(function(point) + noise * random.NextNormal());
        }
        return new TensorDataset(Tensor.From(inputs, n, dimensions), Tensor.From(targets, n, 1), new DatasetInfo(name, LearningTask.Regression)
        {
            FeatureNames = [.. Enumerable.Range(1, dimensions).Select(i => FormattableString.Invariant($"x{i}"))],
            Description = FormattableString.Invariant($"{what}, {n} points, noise {noise}. Simulated."),
        });
    }

    private static void CheckGenerator(int n, double noise)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (!(noise >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(noise), $"Datasets: the noise is a standard deviation and cannot be {noise}.");
        }
    }
}
