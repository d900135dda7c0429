namespace Cajal;

/// <summary>
/// Keeps the weights of each unit within a ball (Srebro and Shraibman 2005; Hinton et al. 2012): after a step, each row whose Euclidean norm exceeds the
/// limit is scaled back onto it.
/// </summary>
public static class MaxNorm
{
    /// <summary>Constrains every parameter of <paramref name="module"/> with two or more axes; a unit is an index of the first: Linear [out, in], Conv [out, in, ...].</summary>
    /// <param name="module">The network.</param>
    /// <param name="limit">The largest norm allowed.</param>
    public static void Apply(Module module, double limit)
    {
        foreach (var parameter in module.Parameters()) if (parameter.Rank >= 2) Apply(parameter, limit);
    }

    /// <summary>Constrains the slices of one parameter along an axis.</summary>
    /// <param name="parameter">What is changed, in place.</param>
    /// <param name="limit">The largest norm allowed.</param>
    /// <param name="axis">The axis whose indices are the units.</param>
    public static void Apply(Parameter parameter, double limit, int axis = 0)
    {
        if (!(limit > 0)) throw new ArgumentOutOfRangeException(nameof(limit), limit, "MaxNorm: the limit must be above zero.");
        if (axis < 0) axis += parameter.Rank;
        if ((uint)axis >= (uint)parameter.Rank) throw new ShapeException($"MaxNorm: axis {axis} is outside a parameter {parameter.Shape}.");
        using var scope = new NoGrad();
        int[] others = [.. Enumerable.Range(0, parameter.Rank).Where(other => other != axis)];
        var norm = others.Length == 0 ? parameter.Abs() : parameter.Norm(2, others, keepAxes: true);
        parameter.CopyFrom(Tensor.Where(norm > limit, parameter * (limit / norm), parameter));
    }
}
