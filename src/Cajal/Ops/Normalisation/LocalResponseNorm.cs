using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// Neighbouring channels dampen one another (Krizhevsky, Sutskever and Hinton 2012, section 3.3): y_c = x_c / d_c^beta, d_c = k + alpha / size · Σ x_j², over the size channels around c. The mean in
/// place of the paper's sum is PyTorch's, whose alpha is therefore size times the paper's. dx_c = g_c d_c^-beta - 2 alpha beta / size · x_c Σ g_j x_j d_j^(-beta-1), over the channels whose windows
/// hold c.
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
            // Windows wider than the channels hold nothing more.
            var window = new ResponseWindow(size, Math.Min(size / 2, x.Dims[1]), Math.Min((size - 1) / 2, x.Dims[1]), alpha, beta, k);
            var y = Backend.Of(x).LocalResponseNorm(x, window);
            return Tape.Record("LocalResponseNorm", y, x, (X: (Saved)x, Window: window), static (g, saved, _) =>
                GradMode.IsEnabled ? ResponseGradient(g, saved.X.Value, saved.Window) : Backend.Of(g).LocalResponseNormBackward(g, saved.X.Value, saved.Window));
        }
    }

    /// <summary>The same as the kernel's, from ops that can be differentiated again.</summary>
    private static Tensor ResponseGradient(Tensor g, Tensor x, ResponseWindow window)
    {
        var divisor = Neighbours(x.Square(), window.Before, window.Behind) * window.Scale + window.K;
        var scaled = g * divisor.Pow(-window.Beta);
        return scaled - x * Neighbours(scaled * x / divisor, window.Behind, window.Before) * (2 * window.Scale * window.Beta);
    }

    private static Tensor Neighbours(Tensor values, int before, int behind)
    {
        int channels = values.Dims[1];
        var borders = new (int, int)[values.Rank];
        borders[1] = (before, behind);
        var padded = values.Pad(borders);
        var sum = padded.Narrow(1, 0, channels);
        for (int i = 1; i <= before + behind; i++) sum += padded.Narrow(1, i, channels);
        return sum;
    }
}

/// <summary>The channels that dampen one, and how much.</summary>
/// <param name="Size">Channels of a window as it was asked for.</param>
/// <param name="Before">Channels before the one in question.</param>
/// <param name="Behind">Channels behind it.</param>
/// <param name="Alpha">Weight of the mean square.</param>
/// <param name="Beta">Power of the divisor.</param>
/// <param name="K">What stands beside the mean square.</param>
internal sealed record ResponseWindow(int Size, int Before, int Behind, double Alpha, double Beta, double K)
{
    /// <summary>Weight of the sum of squares.</summary>
    internal double Scale => Alpha / Size;
}
