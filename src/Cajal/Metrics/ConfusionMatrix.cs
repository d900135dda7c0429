namespace Cajal;

/// <summary>
/// Which class was taken for which, counted batch by batch. Predictions and targets as in <see cref="Accuracy"/>. Precision, recall and F1 count 0 / 0 as 0,
/// as scikit-learn does.
/// </summary>
/// <param name="threshold">For one score per sample: class 1 is chosen above it. 0 suits logits; give 0.5 for probabilities.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
public sealed class ConfusionMatrix(double threshold = 0, long ignoreIndex = -100)
{
    /// <summary>
    /// Class numbers that come without scores, which would tell K, are believed up to here; a matrix of this side already fills half a gigabyte.
    /// </summary>
    private const int MostClasses = 8192;

    private long[,] counts = new long[0, 0];

    /// <summary>K: the classes that the scores have, or the largest class number met plus 1.</summary>
    public int Classes => counts.GetLength(0);

    /// <summary>How many samples count.</summary>
    public long Total => Sum(static (counts, row, column) => counts[row, column]);

    /// <summary>The number of samples of class <paramref name="target"/> that were taken for class <paramref name="predicted"/>.</summary>
    public long this[int target, int predicted] => counts[target, predicted];

    /// <summary>The share of samples whose class is right.</summary>
    public double Accuracy => (double)Sum(static (counts, row, column) => row == column ? counts[row, column] : 0) / Total;

    /// <summary>A copy: samples of class [row] taken for class [column].</summary>
    public long[,] ToArray() => (long[,])counts.Clone();

    /// <summary>Forgets all samples.</summary>
    public void Reset() => counts = new long[0, 0];

    /// <summary>Takes in a batch.</summary>
    /// <param name="predictions">Scores [N, K, d...], or one number per target.</param>
    /// <param name="targets">Class numbers [N, d...].</param>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is negative or too large.</exception>
    public void Update(Tensor predictions, Tensor targets)
    {
        var (predicted, classes) = ClassDecisions.Predicted("ConfusionMatrix", predictions, targets, threshold);
        long[] labels = ClassDecisions.Labels("ConfusionMatrix", targets, classes, ignoreIndex);
        long largest = classes - 1;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex) continue;
            if (predicted[i] < 0) throw new ShapeException($"ConfusionMatrix: class {predicted[i]} of prediction {i} is negative.");
            largest = Math.Max(largest, Math.Max(predicted[i], labels[i]));
        }
        if (largest >= MostClasses) throw new ShapeException($"ConfusionMatrix: class {largest} is beyond the {MostClasses} classes that a matrix can hold; is this a regression target?");
        Grow((int)largest + 1);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != ignoreIndex) counts[labels[i], predicted[i]]++;
        }
    }

    /// <summary>How many samples of each class there are, [K].</summary>
    public long[] Support() => PerClass(static (right, target, predicted) => target, static value => (long)value);

    /// <summary>Of the samples taken for each class, the share that belongs to it, [K].</summary>
    public double[] Precision() => PerClass(static (right, target, predicted) => Ratio(right, predicted), static value => value);

    /// <summary>Of the samples of each class, the share that was found, [K].</summary>
    public double[] Recall() => PerClass(static (right, target, predicted) => Ratio(right, target), static value => value);

    /// <summary>2 P R / (P + R) of each class, [K].</summary>
    public double[] F1() => PerClass(static (right, target, predicted) => Ratio(2 * right, target + predicted), static value => value);

    /// <inheritdoc cref="Precision()"/>
    /// <param name="averaging">How the figures of the classes become one; NaN as long as there is no sample.</param>
    public double Precision(Averaging averaging) => Average(Precision(), averaging);

    /// <inheritdoc cref="Recall()"/>
    /// <param name="averaging">How the figures of the classes become one; NaN as long as there is no sample.</param>
    public double Recall(Averaging averaging) => Average(Recall(), averaging);

    /// <inheritdoc cref="F1()"/>
    /// <param name="averaging">How the figures of the classes become one; NaN as long as there is no sample.</param>
    public double F1(Averaging averaging) => Average(F1(), averaging);

    /// <summary>All counts, row by row.</summary>
    internal double[] SaveState()
    {
        var state = new double[counts.Length];
        for (int i = 0; i < state.Length; i++) state[i] = counts[i / Classes, i % Classes];
        return state;
    }

    /// <summary>Restores what <see cref="SaveState"/> gave; false, and nothing, if it is no square.</summary>
    internal bool LoadState(ReadOnlySpan<double> state)
    {
        int side = (int)Math.Round(Math.Sqrt(state.Length));
        if ((long)side * side != state.Length) return false;
        counts = new long[side, side];
        for (int i = 0; i < state.Length; i++) counts[i / side, i % side] = (long)state[i];
        return true;
    }

    private double Average(double[] values, Averaging averaging)
    {
        long total = Total;
        if (total == 0) return double.NaN;
        switch (averaging)
        {
            // With one class per sample, every false positive of a class is a false negative of another: precision, recall and F1 coincide.
            case Averaging.Micro: return Accuracy;
            case Averaging.Macro: return values.Average();
            case Averaging.Positive when Classes > 2: throw new InvalidOperationException($"ConfusionMatrix: among {Classes} classes none is the positive one; use another averaging.");
            case Averaging.Positive: return values.Length > 1 ? values[1] : 0;
            default:
                long[] support = Support();
                double sum = 0;
                for (int k = 0; k < values.Length; k++) sum += values[k] * support[k];
                return sum / total;
        }
    }

    private TResult[] PerClass<TResult>(Func<double, double, double, double> figure, Func<double, TResult> convert)
    {
        var result = new TResult[Classes];
        for (int k = 0; k < result.Length; k++)
        {
            long target = 0, predicted = 0;
            for (int other = 0; other < result.Length; other++)
            {
                target += counts[k, other];
                predicted += counts[other, k];
            }
            result[k] = convert(figure(counts[k, k], target, predicted));
        }
        return result;
    }

    private long Sum(Func<long[,], int, int, long> term)
    {
        long sum = 0;
        for (int row = 0; row < Classes; row++) for (int column = 0; column < Classes; column++) sum += term(counts, row, column);
        return sum;
    }

    private void Grow(int classes)
    {
        if (classes <= Classes) return;
        var larger = new long[classes, classes];
        for (int row = 0; row < Classes; row++) for (int column = 0; column < Classes; column++) larger[row, column] = counts[row, column];
        counts = larger;
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
