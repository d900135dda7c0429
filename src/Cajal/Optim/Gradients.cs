namespace Cajal;

/// <summary>Tools on the gradients of many parameters together.</summary>
public static class Gradients
{
    /// <summary>The Euclidean norm of all gradients taken as one vector.</summary>
    public static double Norm(IEnumerable<Parameter> parameters) =>
        Math.Sqrt(parameters.Where(parameter => parameter.Grad is not null).Sum(parameter => parameter.Grad!.Detach().Cast(DType.Float64).Square().Sum().Item()));

    /// <summary>Scales all gradients by one factor so that their joint norm is at most <paramref name="limit"/>. Returns the norm before.</summary>
    public static double ClipNorm(IEnumerable<Parameter> parameters, double limit)
    {
        var list = parameters.ToList();
        double norm = Norm(list);
        if (norm <= limit) return norm;
        foreach (var parameter in list) parameter.Grad?.MultiplyInPlace(limit / norm);
        return norm;
    }
}
