using Cajal.Autodiff;
using Cajal.Kernels;

namespace Cajal;

/// <content>Each sample is brought to mean 0 and variance 1 over its last axes (Ba, Kiros and Hinton 2016), or to root mean square 1 (Zhang and Sennrich 2019).</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>y = (x - mean) / √(variance + ε) · weight + bias over the last axes: x [B..., <paramref name="shape"/>] → [B..., shape].</summary>
        /// <param name="shape">The lengths of the last axes, over which mean and variance (that of a whole population) are taken.</param>
        /// <param name="weight">[shape]; 1 when null.</param>
        /// <param name="bias">[shape]; 0 when null.</param>
        /// <param name="epsilon">Keeps the root away from 0.</param>
        /// <exception cref="ShapeException">x does not end with the shape, or weight or bias have another.</exception>
        public Tensor LayerNorm(ReadOnlySpan<int> shape, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
        {
            x = x.AsFloating();
            return LastAxes("LayerNorm", x, shape, weight, bias, epsilon, centre: true);
        }

        /// <summary>y = x / √(mean x² + ε) · weight over the last axes: x [B..., <paramref name="shape"/>] → [B..., shape].</summary>
        /// <inheritdoc cref="LayerNorm"/>
        public Tensor RmsNorm(ReadOnlySpan<int> shape, Tensor? weight = null, double epsilon = 1e-6)
        {
            x = x.AsFloating();
            return LastAxes("RmsNorm", x, shape, weight, null, epsilon, centre: false);
        }
    }

    private static Tensor LastAxes(string op, Tensor x, ReadOnlySpan<int> shape, Tensor? weight, Tensor? bias, double epsilon, bool centre)
    {
        if (shape.IsEmpty || x.Rank < shape.Length || !x.Dims.AsSpan(x.Rank - shape.Length).SequenceEqual(shape)) throw new ShapeException($"{op}: x must end with the axes {Shape.Create(shape)}, but it is {x.Shape}.");
        CheckNormWeights(op, weight, bias, shape);
        if (x.Count == 0) return x * 1;
        int length = Shape.Create(shape).ElementCount, rows = x.Count / length;
        int[] dims = x.Dims;
        // Weights of several axes are a line for the kernel.
        var geometry = new NormGeometry(rows, length, 1, length, length, 1, NormWeights.PerElement);
        var y = Normalise(op, x.Reshape(rows, length), weight?.Flatten(), bias?.Flatten(), new(geometry, [rows, length], [1], [1, length]), epsilon, centre, out _, out _).Reshape(dims);
        OpTrace.Note(op, y, [x, weight, bias], (Epsilon: epsilon, Axes: shape.Length));
        return y;
    }
}
