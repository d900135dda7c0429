namespace Cajal;

/// <summary>Tools on the gradients of many parameters together.</summary>
public static class Gradients
{
    /// <summary>The Euclidean norm of all gradients taken as one vector.</summary>
    public static double Norm(IEnumerable<Parameter> parameters) =>
        Math.Sqrt(parameters.Where(parameter => parameter.GradInUse is not null).Sum(parameter => parameter.GradInUse!.Detach().Cast(DType.Float64).Square().Sum().Item()));

    /// <summary>Scales all gradients by one factor so that their joint norm is at most <paramref name="limit"/>. Returns the norm before.</summary>
    public static double ClipNorm(IEnumerable<Parameter> parameters, double limit)
    {
        var list = parameters.ToList();
        double norm = Norm(list);
        if (norm <= limit) return norm;
        foreach (var parameter in list) parameter.GradInUse?.MultiplyInPlace(limit / norm);
        return norm;
    }

    /// <summary>Scales all gradients by one factor so that their joint p-norm is at most <paramref name="limit"/>. Returns the norm before.</summary>
    /// <param name="parameters">Whose gradients are scaled.</param>
    /// <param name="limit">The largest norm allowed.</param>
    /// <param name="p">Which norm: 1, 2, or infinity for the largest magnitude.</param>
    public static double ClipNorm(IEnumerable<Parameter> parameters, double limit, double p)
    {
        var gradients = parameters.Select(parameter => parameter.GradInUse).OfType<Tensor>().ToList();
        var norms = gradients.Select(gradient => gradient.Detach().Cast(DType.Float64).Norm(p).Item()).ToList();
        double norm = norms.Count == 0 ? 0 : double.IsPositiveInfinity(p) ? norms.Max() : Math.Pow(norms.Sum(each => Math.Pow(each, p)), 1 / p);
        if (norm > limit) foreach (var gradient in gradients) gradient.MultiplyInPlace(limit / norm);
        return norm;
    }

    /// <summary>Cuts every element of the gradients to ±<paramref name="limit"/>.</summary>
    public static void ClipValue(IEnumerable<Parameter> parameters, double limit)
    {
        if (!(limit > 0)) throw new ArgumentOutOfRangeException(nameof(limit), limit, "ClipValue: the limit must be above zero.");
        using var scope = new NoGrad();
        foreach (var parameter in parameters) parameter.GradInUse?.CopyFrom(parameter.GradInUse.Clamp(-limit, limit));
    }
}
