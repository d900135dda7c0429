using Cajal.Autodiff;
using Cajal.Kernels;

namespace Cajal;

/// <content>Mean 0 and variance 1 over groups of channels of each sample (Wu and He 2018), down to single channels (Ulyanov, Vedaldi and Lempitsky 2016).</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Normalises the channels of each sample in groups: x [N, C, ...] → [N, C, ...].</summary>
        /// <param name="groups">Divides C.</param>
        /// <param name="weight">[C]; 1 when null.</param>
        /// <param name="bias">[C]; 0 when null.</param>
        /// <param name="epsilon">Keeps the root away from 0.</param>
        /// <exception cref="ShapeException">x has no channels, they cannot be cut into so many groups, or weight or bias are not [C].</exception>
        public Tensor GroupNorm(int groups, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
        {
            x = x.AsFloating();
            if (x.Rank < 2) throw new ShapeException($"GroupNorm: x must be [N, C, ...], but it is {x.Shape}.");
            int n = x.Dims[0], c = x.Dims[1];
            if (groups < 1 || c % groups != 0) throw new ShapeException($"GroupNorm: the {c} channels of x {x.Shape} cannot be cut into {groups} equal groups.");
            CheckNormWeights("GroupNorm", weight, bias, [c]);
            if (x.Count == 0) return x * 1;
            int size = x.Count / (n * c), perGroup = c / groups;
            var geometry = new NormGeometry(n * groups, perGroup * size, perGroup, size, size, groups, NormWeights.PerPiece);
            var y = Normalise("GroupNorm", x, weight, bias, new(geometry, [n, groups, perGroup, size], [2, 3], [1, groups, perGroup, 1]), epsilon, true, out _, out _);
            OpTrace.Note("GroupNorm", y, [x, weight, bias], (Epsilon: epsilon, Groups: groups));
            return y;
        }

        /// <summary>Normalises each channel of each sample by itself: x [N, C, ...] → [N, C, ...].</summary>
        /// <param name="weight">[C]; 1 when null.</param>
        /// <param name="bias">[C]; 0 when null.</param>
        /// <param name="epsilon">Keeps the root away from 0.</param>
        /// <exception cref="ShapeException">x has no axis after its channels, or weight or bias are not [C].</exception>
        public Tensor InstanceNorm(Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
        {
            x = x.AsFloating();
            if (x.Rank < 3) throw new ShapeException($"InstanceNorm: x must be [N, C, ...] with at least one axis after the channels, but it is {x.Shape}.");
            int n = x.Dims[0], c = x.Dims[1];
            CheckNormWeights("InstanceNorm", weight, bias, [c]);
            if (x.Count == 0) return x * 1;
            int size = x.Count / (n * c);
            var y = Normalise("InstanceNorm", x, weight, bias, new(new(n * c, size, 1, size, size, c, NormWeights.PerRow), [n, c, size], [2], [1, c, 1]), epsilon, true, out _, out _);
            OpTrace.Note("InstanceNorm", y, [x, weight, bias], epsilon);
            return y;
        }
    }
}
