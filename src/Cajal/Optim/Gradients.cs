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

/// <summary>Penalties on the weights (parameters of rank 2 and more; biases go free), to be added to a loss.</summary>
public static class Penalty
{
    /// <summary>λ Σ w²: ridge, or L2.</summary>
    public static Func<Module, Tensor> Ridge(double strength) => net => Over(net, weight => weight.Square().Sum()) * strength;

    /// <summary>λ Σ |w|: lasso, or L1.</summary>
    public static Func<Module, Tensor> Lasso(double strength) => net => Over(net, weight => weight.Abs().Sum()) * strength;

    /// <summary>λ₁ Σ |w| + λ₂ Σ w²: elastic net.</summary>
    public static Func<Module, Tensor> ElasticNet(double lasso, double ridge) => net => Lasso(lasso)(net) + Ridge(ridge)(net);

    private static Tensor Over(Module net, Func<Tensor, Tensor> term) =>
        net.Parameters().Where(parameter => parameter.Rank > 1).Select(term).Aggregate((sum, next) => sum + next);
}
