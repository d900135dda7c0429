using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// What all normalisations share. y = n w + b, n = (x - x̄) s, s = 1/√(x̄² + ε) of the centred numbers; with h = g w:
/// dx = s (h - mean h - n mean(h n)), dw = Σ g n, db = Σ g. RMSNorm leaves out the centring and the middle term.
/// </content>
public static partial class TensorOps
{
    /// <summary>How a tensor is cut into rows that are normalised: for the kernel, and as axes of a view for the differentiable form.</summary>
    private sealed record NormShape(NormGeometry Geometry, int[] View, int[] Axes, int[] WeightView);

    private sealed record NormSaved(Saved X, Saved? Weight, Saved Mean, Saved Variance, NormShape Shape, double Epsilon, bool Centre);

    private static Tensor Normalise(string op, Tensor x, Tensor? weight, Tensor? bias, NormShape shape, double epsilon, bool centre, out Tensor mean, out Tensor variance)
    {
        if (epsilon < 0) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, $"{op}: epsilon must not be negative.");
        weight = weight?.Cast(x.DType);
        bias = bias?.Cast(x.DType);
        var y = Backend.Of(x).Normalise(x, weight, bias, shape.Geometry, epsilon, centre, out mean, out variance);
        var saved = new NormSaved(x, weight is null ? default(Saved?) : (Saved)weight, mean, variance, shape, epsilon, centre);
        // In place of an absent weight stands the mean, which nobody differentiates.
        return Tape.Record(op, y, x, weight ?? mean, bias, saved, static (g, saved, needs) =>
        {
            (bool X, bool Weight, bool Bias) asked = (needs[0], saved.Weight is not null && needs[1], needs[2]);
            return GradMode.IsEnabled ? NormSlopes(g, saved, asked) : NormKernelSlopes(g, saved, asked);
        });
    }

    private static InputGradients NormKernelSlopes(Tensor g, NormSaved saved, (bool X, bool Weight, bool Bias) needs)
    {
        var geometry = saved.Shape.Geometry;
        var (dx, dw, db) = Backend.Of(g).NormaliseBackward(g, saved.X, saved.Weight?.Value, saved.Mean, saved.Variance, geometry, saved.Epsilon, saved.Centre, needs);
        return (dx, Total(dw), Total(db));

        // Lines of partial sums of one group of rows follow those of another: [lines / groups, groups · weights].
        Tensor? Total(Tensor? partial) => partial?.Reshape(-1, partial.Dims[1] * (geometry.Weights == NormWeights.PerElement ? 1 : geometry.Groups)).Sum(0);
    }

    private static InputGradients NormSlopes(Tensor g, NormSaved saved, (bool X, bool Weight, bool Bias) needs)
    {
        int[] dims = g.Dims;
        var shape = saved.Shape;
        g = g.Reshape(shape.View);
        var x = saved.X.Value.Reshape(shape.View);
        if (saved.Centre) x -= x.Mean(shape.Axes, keepAxes: true);
        var scale = (x.Square().Mean(shape.Axes, keepAxes: true) + saved.Epsilon).Rsqrt();
        var n = x * scale;
        Tensor? dw = needs.Weight ? (g * n).SumTo(Shape.Create(shape.WeightView)).Flatten() : null, db = needs.Bias ? g.SumTo(Shape.Create(shape.WeightView)).Flatten() : null;
        if (!needs.X) return (null, dw, db);
        var h = saved.Weight is { } weight ? g * weight.Value.Reshape(shape.WeightView) : g;
        var rest = saved.Centre ? h - h.Mean(shape.Axes, keepAxes: true) : h;
        return ((scale * (rest - n * (h * n).Mean(shape.Axes, keepAxes: true))).Reshape(dims), dw, db);
    }

    private static void CheckNormWeights(string op, Tensor? weight, Tensor? bias, ReadOnlySpan<int> expected)
    {
        if (weight is not null && !weight.Dims.AsSpan().SequenceEqual(expected)) throw new ShapeException($"{op}: the weight must be {Shape.Create(expected)}, but it is {weight.Shape}.");
        if (bias is not null && !bias.Dims.AsSpan().SequenceEqual(expected)) throw new ShapeException($"{op}: the bias must be {Shape.Create(expected)}, but it is {bias.Shape}.");
    }
}
