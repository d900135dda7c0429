using System.Globalization;

namespace Cajal;

/// <summary>The largest disagreement between computed and numerical derivatives.</summary>
/// <param name="MaxError">The largest |computed - numerical| / max(1, |numerical|).</param>
/// <param name="Input">Which input it was found in.</param>
/// <param name="Element">Its row-major position there.</param>
/// <param name="Computed">The derivative that the tape gave.</param>
/// <param name="Numerical">The central difference.</param>
public sealed record GradientReport(double MaxError, int Input, int Element, double Computed, double Numerical)
{
    /// <summary>Whether the disagreement is within <paramref name="tolerance"/>.</summary>
    public bool Passes(double tolerance = 1e-6) => MaxError <= tolerance;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"largest error {MaxError:G3} at input {Input}, element {Element}: computed {Computed:G9}, numerical {Numerical:G9}");
}

/// <summary>Compares the tape's derivatives with central differences in Float64.</summary>
public static class GradientCheck
{
    /// <summary>Checks the gradient of Σ wᵢ f(inputs)ᵢ (fixed, uneven weights) with respect to every element of every input.</summary>
    /// <param name="f">The function under test; it must be smooth where it is tested.</param>
    /// <param name="inputs">Float64 points to test at.</param>
    /// <param name="step">Half the distance of the central difference.</param>
    /// <exception cref="ShapeException">An input is not Float64.</exception>
    public static GradientReport First(Func<Tensor[], Tensor> f, ReadOnlySpan<Tensor> inputs, double step = 1e-5)
    {
        var leaves = Leaves(inputs);
        var computed = Differentiate.Grad(Weighted(f(leaves)), leaves);
        return Compare(values => Weighted(f(values)).Item(), leaves, computed, step);
    }

    /// <summary>Checks the second derivatives: the gradient of a weighted sum of the gradients, against differences of the computed gradient.</summary>
    /// <inheritdoc cref="First"/>
    public static GradientReport Second(Func<Tensor[], Tensor> f, ReadOnlySpan<Tensor> inputs, double step = 1e-5)
    {
        var leaves = Leaves(inputs);
        var slope = Slope(leaves);
        var computed = slope.Node is null ? Array.ConvertAll(leaves, Tensor.ZerosLike) : Differentiate.Grad(slope, leaves);
        return Compare(values => Slope(Leaves(values)).Item(), leaves, computed, step);

        Tensor Slope(Tensor[] at)
        {
            var gradients = Differentiate.Grad(Weighted(f(at)), at, createGraph: true);
            var sum = Weighted(gradients[0]);
            for (int i = 1; i < gradients.Length; i++) sum += Weighted(gradients[i]);
            return sum;
        }
    }

    private static Tensor[] Leaves(ReadOnlySpan<Tensor> inputs)
    {
        var leaves = new Tensor[inputs.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            if (inputs[i].DType != DType.Float64) throw new ShapeException($"GradientCheck: input {i} is {inputs[i].DType}; central differences need Float64.");
            leaves[i] = inputs[i].Detach().Clone().WithGrad();
        }
        return leaves;
    }

    /// <summary>A sum with weights that differ between elements, so that an error in one cannot cancel another.</summary>
    private static Tensor Weighted(Tensor y)
    {
        var weights = new double[y.Count];
        for (int i = 0; i < weights.Length; i++) weights[i] = 0.5 + 0.37 * ((i * 7 + 3) % 11) / 11.0;
        return (y * Tensor.From(weights, y.Count).Reshape(y.Shape)).Sum();
    }

    private static GradientReport Compare(Func<Tensor[], double> value, Tensor[] at, Tensor[] computed, double step)
    {
        var worst = new GradientReport(0, 0, 0, 0, 0);
        for (int input = 0; input < at.Length; input++)
        {
            for (int element = 0; element < at[input].Count; element++)
            {
                double numerical = (Shifted(element, step) - Shifted(element, -step)) / (2 * step);
                double exact = computed[input].ElementAt(element);
                double error = Math.Abs(exact - numerical) / Math.Max(1, Math.Abs(numerical));
                if (!(error <= worst.MaxError)) worst = new(double.IsNaN(error) ? double.PositiveInfinity : error, input, element, exact, numerical);
            }

            double Shifted(int element, double shift)
            {
                var moved = (Tensor[])at.Clone();
                var values = at[input].ToArray<double>();
                values[element] += shift;
                moved[input] = Tensor.From(values, values.Length).Reshape(at[input].Shape);
                return value(moved);
            }
        }
        return worst;
    }
}
