namespace Cajal;

/// <summary>Class numbers as a target, checked and ready to pick with.</summary>
/// <param name="Positions">The class of each sample as an index along axis 1 of the scores, [N, 1, d...]; 0 where it is ignored.</param>
/// <param name="Factors">The weight of each sample's class, 0 where it is ignored, [N, d...]; null if all are 1.</param>
internal readonly record struct ClassTargets(Tensor Positions, Tensor? Factors)
{
    /// <summary>Reads class numbers [N, d...] for scores [N, K, d...].</summary>
    /// <param name="loss">Who asks.</param>
    /// <param name="scores">[N, K, d...].</param>
    /// <param name="target">[N, d...], or [N, 1] for scores [N, K].</param>
    /// <param name="weight">A weight per class [K], or null.</param>
    /// <param name="ignoreIndex">A number whose samples do not count; null for none.</param>
    internal static ClassTargets Read(string loss, Tensor scores, Tensor target, Tensor? weight, long? ignoreIndex = null)
    {
        if (scores.Rank == 2 && target.Rank == 2 && target.Dims[1] == 1) target = target.Squeeze(1);
        int classes = scores.Dims[1];
        int[] wanted = [scores.Dims[0], .. scores.Dims[2..]];
        if (target.DType is not (DType.Int64 or DType.Int32)) throw new ShapeException($"{loss}: class numbers must be Int64 or Int32, but the target {target.Shape} is {target.DType}; Cast it.");
        if (!target.Dims.AsSpan().SequenceEqual(wanted)) throw new ShapeException($"{loss}: scores {scores.Shape} need one class number for each sample, {Shape.Format(wanted)}, but the target is {target.Shape}.");
        double[]? weights = WeightsOf(loss, weight, classes);
        long[] labels = target.ToArray<long>();
        double[]? factors = weights is null ? null : new double[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex)
            {
                if (factors is null) Array.Fill(factors = new double[labels.Length], 1.0);
                factors[i] = labels[i] = 0;
                continue;
            }
            if (labels[i] < 0 || labels[i] >= classes) throw new ShapeException($"{loss}: class {labels[i]} of sample {i} is outside 0 ... {classes - 1}; the scores {scores.Shape} have {classes} classes.");
            if (weights is not null) factors![i] = weights[labels[i]];
        }
        return new(Tensor.From(labels, wanted.Length == 0 ? [1] : wanted).Unsqueeze(1), factors is null ? null : Tensor.From(factors, wanted).Cast(scores.DType));
    }

    /// <summary>The score of each sample's own class: scores [N, K, d...] → [N, d...].</summary>
    internal Tensor Pick(Tensor scores) => scores.Gather(1, Positions).Squeeze(1);

    /// <summary>Checks that there is a weight for every class.</summary>
    internal static double[]? WeightsOf(string loss, Tensor? weight, int classes)
    {
        if (weight is null) return null;
        if (weight.Rank != 1 || weight.Count != classes) throw new ShapeException($"{loss}: there must be one weight per class, [{classes}], but weight is {weight.Shape}.");
        return weight.ToArray<double>();
    }

    /// <summary>A vector over classes [K] shaped to broadcast over scores [N, K, d...].</summary>
    internal static Tensor AlongClasses(Tensor vector, Tensor scores)
    {
        var dims = new int[scores.Rank - 1];
        Array.Fill(dims, 1);
        dims[0] = scores.Dims[1];
        return vector.Detach().Cast(scores.DType).Reshape(dims);
    }
}
