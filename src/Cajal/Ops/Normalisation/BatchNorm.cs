using Cajal.Autodiff;
using Cajal.Kernels;

namespace Cajal;

/// <content>Mean 0 and variance 1 of each channel over the batch (Ioffe and Szegedy 2015), or the same map with statistics of earlier batches.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Normalises each channel with its mean and variance over this batch: x [N, C] or [N, C, ...] → the same shape.</summary>
        /// <param name="weight">[C]; 1 when null.</param>
        /// <param name="bias">[C]; 0 when null.</param>
        /// <param name="epsilon">Keeps the root away from 0.</param>
        /// <exception cref="ShapeException">x has no channels, or weight or bias are not [C].</exception>
        public Tensor BatchNorm(Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5) => BatchNorm(x, weight, bias, epsilon, out _, out _);

        /// <summary>y = (x - mean) / √(variance + ε) · weight + bias for each channel, with given statistics: x [N, C] or [N, C, ...] → the same shape.</summary>
        /// <param name="mean">[C].</param>
        /// <param name="variance">[C].</param>
        /// <param name="weight">[C]; 1 when null.</param>
        /// <param name="bias">[C]; 0 when null.</param>
        /// <param name="epsilon">Keeps the root away from 0.</param>
        /// <exception cref="ShapeException">x has no channels, or one of the others is not [C].</exception>
        public Tensor NormaliseChannels(Tensor mean, Tensor variance, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
        {
            x = x.AsFloating();
            int c = Channels("NormaliseChannels", x);
            CheckNormWeights("NormaliseChannels", weight, bias, [c]);
            if (mean.Rank != 1 || mean.Dims[0] != c || variance.Rank != 1 || variance.Dims[0] != c) throw new ShapeException($"NormaliseChannels: mean and variance must be [{c}], but they are {mean.Shape} and {variance.Shape}.");
            var scale = (variance + epsilon).Rsqrt();
            if (weight is not null) scale *= weight;
            var shift = -mean * scale;
            if (bias is not null) shift += bias;
            int[] view = new int[x.Rank - 1];
            view.AsSpan().Fill(1);
            view[0] = c;
            var y = x * scale.Reshape(view) + shift.Reshape(view);
            OpTrace.Note("NormaliseChannels", y, [x, mean, variance, weight, bias], epsilon);
            return y;
        }
    }

    /// <summary>Also gives the batch's mean and population variance, [C], outside the graph.</summary>
    internal static Tensor BatchNorm(Tensor x, Tensor? weight, Tensor? bias, double epsilon, out Tensor mean, out Tensor variance)
    {
        x = x.AsFloating();
        int c = Channels("BatchNorm", x);
        CheckNormWeights("BatchNorm", weight, bias, [c]);
        if (x.Count == 0)
        {
            mean = Tensor.Zeros(Shape.Create(c), x.DType);
            variance = Tensor.Ones(Shape.Create(c), x.DType);
            return x * 1;
        }
        int n = x.Dims[0], size = x.Count / (n * c);
        if (size == 1)
        {
            // A channel is a column; turned round, it is a run.
            var turned = Normalise("BatchNorm", x.Reshape(n, c).T.Contiguous(), weight, bias, new(new(c, n, 1, n, n, c, NormWeights.PerRow), [c, n], [1], [c, 1]), epsilon, true, out mean, out variance);
            return turned.T.Reshape(x.Dims);
        }
        return Normalise("BatchNorm", x, weight, bias, new(new(c, size, n, c * size, size, c, NormWeights.PerRow), [n, c, size], [0, 2], [1, c, 1]), epsilon, true, out mean, out variance);
    }

    private static int Channels(string op, Tensor x) => x.Rank >= 2 ? x.Dims[1] : throw new ShapeException($"{op}: x must be [N, C] or [N, C, ...], but it is {x.Shape}.");
}
