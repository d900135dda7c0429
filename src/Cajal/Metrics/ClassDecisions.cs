namespace Cajal;

/// <summary>Reads classes from whatever form predictions and targets have.</summary>
internal static class ClassDecisions
{
    /// <summary>
    /// The class chosen for each sample, and K (0 where the predictions do not say). Scores [N, K, d...] for targets [N, d...] choose the class of the
    /// largest score, the first of equals; one score for each target ([N, d...] or [N, 1, d...]) chooses class 1 where it exceeds <paramref
    /// name="threshold"/>; whole numbers are classes already.
    /// </summary>
    internal static (long[] Predicted, int Classes) Predicted(string metric, Tensor predictions, Tensor targets, double threshold)
    {
        predictions = predictions.Detach();
        int classes = 0;
        if (HasClassAxis(predictions, targets))
        {
            classes = predictions.Dims[1];
            if (classes == 0) throw new ShapeException($"{metric}: predictions {predictions.Shape} have no class on axis 1.");
            predictions = classes == 1 ? predictions.Squeeze(1) : predictions.ArgMax(1);
        }
        else if (predictions.Shape != targets.Shape)
        {
            throw new ShapeException(
                $"{metric}: predictions must be scores [N, K, ...] or one number for each of the targets [N, ...], but predictions are {predictions.Shape} and targets {targets.Shape}.");
        }
        if (!predictions.DType.IsFloating) return (predictions.ToArray<long>(), classes);
        return ((predictions > threshold).ToArray<long>(), 2);
    }

    /// <summary>The class numbers of the targets, which are whole numbers of any dtype.</summary>
    /// <param name="metric">Who asks.</param>
    /// <param name="targets">Class numbers [N, d...].</param>
    /// <param name="classes">K; 0 if there is no upper bound.</param>
    /// <param name="ignoreIndex">A number that stands for "does not count" and is let through.</param>
    internal static long[] Labels(string metric, Tensor targets, int classes, long ignoreIndex)
    {
        long[] labels = targets.ToArray<long>();
        if (targets.DType.IsFloating)
        {
            double[] values = targets.ToArray<double>();
            int odd = Array.FindIndex(values, value => value != Math.Floor(value));
            if (odd >= 0) throw new ShapeException($"{metric}: targets must be class numbers, but number {odd} is {values[odd]:R}. Soft targets become classes by ArgMax(1).");
        }
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex || (labels[i] >= 0 && (classes == 0 || labels[i] < classes))) continue;
            throw new ShapeException(classes == 0
                ? $"{metric}: class {labels[i]} of target {i} is negative."
                : $"{metric}: class {labels[i]} of target {i} is outside 0 ... {classes - 1}; the predictions know {classes} classes.");
        }
        return labels;
    }

    /// <summary>Whether predictions are [N, K, d...] for targets [N, d...].</summary>
    internal static bool HasClassAxis(Tensor predictions, Tensor targets)
    {
        if (predictions.Rank != targets.Rank + 1 || predictions.Rank < 2 || predictions.Dims[0] != targets.Dims[0]) return false;
        return predictions.Dims.AsSpan(2).SequenceEqual(targets.Dims.AsSpan(1));
    }
    /// <summary>Scores [N, K, d...]; one score per target [N, d...] gets a class axis of length 1.</summary>
    internal static Tensor WithClassAxis(string metric, Tensor scores, Tensor targets)
    {
        if (HasClassAxis(scores, targets)) return scores;
        if (scores.Shape == targets.Shape && scores.Rank > 0) return scores.Unsqueeze(1);
        throw new ShapeException(
            $"{metric}: predictions must be scores [N, K, ...] or one score for each of the targets [N, ...], but predictions are {scores.Shape} and targets {targets.Shape}.");
    }

    /// <summary>Scores [N, K, d...] as the rows of a matrix: the K scores of one sample (or pixel) after another.</summary>
    internal static double[] Rows(Tensor scores)
    {
        int inner = 1;
        foreach (int length in scores.Dims.AsSpan(2)) inner *= length;
        return scores.Detach().Reshape(scores.Dims[0], scores.Dims[1], inner).Transpose(1, 2).ToArray<double>();
    }
}
