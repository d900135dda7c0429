using Cajal.Autodiff;

namespace Cajal;

/// <content>
/// Neighbouring channels dampen one another (Krizhevsky, Sutskever and Hinton 2012, section 3.3): y_c = x_c / (k + alpha / size · Σ x_j²)^beta, over the size channels around c. The mean in place of
/// the paper's sum is PyTorch's, whose alpha is therefore size times the paper's. It is made of other ops, so it has their derivatives.
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Dampens each channel by the squares of its neighbours at the same place: x [N, C, ...] → [N, C, ...].</summary>
        /// <param name="size">Channels in a window; of an even number one more lies before the channel than behind it. Beyond the ends there are zeros.</param>
        /// <param name="alpha">Weight of the mean square.</param>
        /// <param name="beta">Power of the divisor.</param>
        /// <param name="k">What stands beside the mean square.</param>
        /// <exception cref="ShapeException">x has no channels.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
        public Tensor LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
            x = x.AsFloating();
            if (x.Rank < 2) throw new ShapeException($"LocalResponseNorm: x must be [N, C, ...], but it is {x.Shape}.");
            int channels = x.Dims[1];
            // Windows wider than the channels hold nothing more.
            int before = Math.Min(size / 2, channels), behind = Math.Min((size - 1) / 2, channels);
            var borders = new (int, int)[x.Rank];
            borders[1] = (before, behind);
            var squares = x.Square().Pad(borders);
            var sum = squares.Narrow(1, 0, channels);
            for (int i = 1; i <= before + behind; i++) sum += squares.Narrow(1, i, channels);
            var y = x / (sum * (alpha / size) + k).Pow(beta);
            if (size % 2 == 1) OpTrace.Note("LocalResponseNorm", y, [x], (Size: size, Alpha: alpha, Beta: beta, K: k));
            return y;
        }
    }
}
