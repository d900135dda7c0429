namespace Cajal.Models;

/// <summary>
/// A mixture density network (Bishop 1994): p(y | x) = Σ πₖ(x) N(y; μₖ(x), σₖ(x)²), for y [N, outFeatures] with a width of its own for each component and axis. Where several answers are right, least squares gives
/// their mean, which may be wrong; this gives them all.
/// </summary>
/// <param name="inFeatures">Length of x.</param>
/// <param name="hidden">Widths of the hidden layers, with tanh.</param>
/// <param name="components">K.</param>
/// <param name="outFeatures">D, the length of y.</param>
public sealed partial class MixtureDensity(int inFeatures, int[] hidden, int components, int outFeatures = 1) : Module
{
    private readonly Sequential net = Layers(inFeatures, hidden, components * (1 + 2 * outFeatures));

    /// <summary>x [N, inFeatures] → [N, K (1 + 2 D)]: logits of the weights, means, logarithms of the widths.</summary>
    /// <exception cref="ShapeException">x does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] != inFeatures) throw new ShapeException($"{Label}: x must be [N, {inFeatures}], but is {x.Shape}.");
        return Report(x, net.Call(x));
    }

    /// <summary>-ln p(y | x), meant over the batch, from what <see cref="Forward"/> gave and y [N, D]: for a <see cref="Trainer"/>.</summary>
    public Loss NegativeLogLikelihood => Loss.From((output, y) => -LogDensityOf(output, y).Mean());

    /// <summary>The mixture at x [N, inFeatures]: logarithms of the weights [N, K], means and logarithms of the widths [N, K, D].</summary>
    public (Tensor LogWeights, Tensor Means, Tensor LogWidths) Mixture(Tensor x) => Parts(Forward(x));

    /// <summary>ln p(y | x): x [N, inFeatures], y [N, D] → [N].</summary>
    /// <exception cref="ShapeException">x or y does not fit.</exception>
    public Tensor LogDensity(Tensor x, Tensor y) => LogDensityOf(Forward(x), y);

    /// <summary>Draws y from p(y | x): x [N, inFeatures] → [N, D].</summary>
    /// <param name="x">Where.</param>
    /// <param name="generator">The current one when null.</param>
    public Tensor Sample(Tensor x, Generator? generator = null)
    {
        using var _ = new NoGrad();
        generator ??= Generator.Current;
        var (logWeights, means, logWidths) = Mixture(x);
        int n = x.Shape[0];
        // The largest of logits with Gumbel noise is a draw from their softmax.
        var noise = -(-Tensor.Uniform(logWeights.Shape, 1e-12, 1, DType.Float64, generator).Log()).Log();
        var chosen = (logWeights + noise).ArgMax().Reshape(n, 1, 1).Expand(n, 1, outFeatures);
        return (means.Gather(1, chosen) + logWidths.Gather(1, chosen).Exp() * Tensor.Normal([n, 1, outFeatures], dtype: means.DType, generator: generator)).Squeeze(1);
    }

    private Tensor LogDensityOf(Tensor output, Tensor y)
    {
        if (y.Rank != 2 || y.Shape[1] != outFeatures || y.Shape[0] != output.Shape[0]) throw new ShapeException($"{Label}: y must be [{output.Shape[0]}, {outFeatures}], but is {y.Shape}.");
        var (logWeights, means, logWidths) = Parts(output);
        var normals = ((y.Unsqueeze(1) - means) * (-logWidths).Exp()).Square() * -0.5 - logWidths - 0.5 * Math.Log(2 * Math.PI);
        return (logWeights + normals.Sum(-1)).LogSumExp();
    }

    private (Tensor LogWeights, Tensor Means, Tensor LogWidths) Parts(Tensor output)
    {
        int n = output.Shape[0], each = components * outFeatures;
        return (output.Narrow(1, 0, components).LogSoftmax(), output.Narrow(1, components, each).Reshape(n, components, outFeatures),
            output.Narrow(1, components + each, each).Reshape(n, components, outFeatures));
    }

    private static Sequential Layers(int inputs, int[] hidden, int outputs)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        var layers = new List<Module>();
        int width = inputs;
        foreach (int next in hidden)
        {
            layers.AddRange([new Linear(width, next), new Tanh()]);
            width = next;
        }
        layers.Add(new Linear(width, outputs));
        return new([.. layers]);
    }
}
