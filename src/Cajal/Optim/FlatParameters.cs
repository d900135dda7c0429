namespace Cajal;

/// <summary>Many parameters seen as one vector of doubles, for methods that need dot products over all of them.</summary>
internal sealed class FlatParameters
{
    private readonly Parameter[] parameters;

    internal FlatParameters(string owner, IEnumerable<Parameter> parameters)
    {
        this.parameters = [.. parameters.Distinct(ReferenceEqualityComparer.Instance).Cast<Parameter>()];
        Count = this.parameters.Sum(parameter => parameter.Count);
        if (Count == 0) throw new ArgumentException($"{owner}: there are no parameters to optimise. Does the module have layers, and is its class partial?");
    }

    internal int Count { get; }

    /// <summary>The objective and its gradient here.</summary>
    internal (double Value, double[] Gradient) Evaluate(Func<Tensor> objective)
    {
        foreach (var parameter in parameters) parameter.Grad = null;
        var value = objective();
        if (value.Count != 1) throw new ShapeException($"The objective must be a single number, but it is {value.Shape}; take its Mean() or Sum().");
        value.Backward();
        var gradient = new double[Count];
        int at = 0;
        foreach (var parameter in parameters)
        {
            parameter.Grad?.ToArray<double>().CopyTo(gradient, at);
            at += parameter.Count;
        }
        return (value.Item(), gradient);
    }

    internal double[] Read()
    {
        var values = new double[Count];
        int at = 0;
        foreach (var parameter in parameters)
        {
            parameter.ToArray<double>().CopyTo(values, at);
            at += parameter.Count;
        }
        return values;
    }

    /// <summary>Sets the parameters to <paramref name="start"/> + <paramref name="length"/> · <paramref name="direction"/>.</summary>
    internal void Write(double[] start, double[] direction, double length)
    {
        using var scope = new NoGrad();
        int at = 0;
        foreach (var parameter in parameters)
        {
            var values = new double[parameter.Count];
            for (int i = 0; i < values.Length; i++, at++) values[i] = start[at] + length * direction[at];
            parameter.CopyFrom(Tensor.From(values, values.Length).Reshape(parameter.Dims).Cast(parameter.DType));
        }
    }
}
