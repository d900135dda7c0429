using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <summary>How <c>Interpolate</c> fills in between.</summary>
public enum InterpolationMode
{
    /// <summary>The nearest input before the place.</summary>
    Nearest,
    /// <summary>The input whose centre is nearest.</summary>
    NearestCentre,
    /// <summary>Straight lines between neighbours: linear, bilinear, trilinear.</summary>
    Linear,
    /// <summary>Cubic convolution over four neighbours (bicubic on images).</summary>
    Cubic,
}

/// <content>Images and signals in another resolution. Each axis is a sparse linear map S, one after the other; the gradient is Sᵀ g.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Resamples the axes after the first two to new lengths: x [N, C, W] → [N, C, sizes[0]], x [N, C, H, W] → [N, C, sizes[0], sizes[1]], and so on.
        /// </summary>
        /// <param name="sizes">The new length of every axis after the first two.</param>
        /// <param name="mode">How values in between are found.</param>
        /// <param name="alignCorners">First and last inputs fall on first and last outputs; otherwise the outer edges of the pixels coincide. Not for the nearest modes.</param>
        /// <exception cref="ShapeException">Not one size per spatial axis, a size below 1, or an empty axis.</exception>
        public Tensor Interpolate(ReadOnlySpan<int> sizes, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false) =>
            Resample(x, sizes, [], mode, alignCorners);

        /// <summary>
        /// Resamples the axes after the first two by factors; lengths are rounded down. Places are worked out with the factors, not with the rounded lengths.
        /// </summary>
        /// <inheritdoc cref="Interpolate(Tensor, ReadOnlySpan{int}, InterpolationMode, bool)"/>
        public Tensor InterpolateBy(ReadOnlySpan<double> scales, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false)
        {
            var sizes = new int[scales.Length];
            for (int i = 0; i < sizes.Length; i++)
            {
                if (!(scales[i] > 0) || !double.IsFinite(scales[i])) throw new ShapeException($"Interpolate: a scale must be positive, not {scales[i]}.");
                sizes[i] = i + 2 < x.Rank ? (int)Math.Floor(x.Dims[i + 2] * scales[i]) : 1;
            }
            return Resample(x, sizes, scales, mode, alignCorners);
        }

        /// <summary>Resamples all axes after the first two by one factor.</summary>
        public Tensor InterpolateBy(double scale, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false)
        {
            var scales = new double[Math.Max(0, x.Rank - 2)];
            Array.Fill(scales, scale);
            return x.InterpolateBy(scales, mode, alignCorners);
        }

        /// <summary>Spreads groups of channels over space: x [N, C·f², H, W] → [N, C, H·f, W·f].</summary>
        public Tensor PixelShuffle(int factor)
        {
            if (x.Rank != 4 || factor < 1 || x.Dims[1] % (factor * factor) != 0) throw new ShapeException($"PixelShuffle: x must be [N, C·{factor}², H, W], not {x.Shape}.");
            int n = x.Dims[0], c = x.Dims[1] / (factor * factor), h = x.Dims[2], w = x.Dims[3];
            return x.Reshape(n, c, factor, factor, h, w).Permute(0, 1, 4, 2, 5, 3).Reshape(n, c, h * factor, w * factor);
        }
    }

    private static Tensor Resample(Tensor x, ReadOnlySpan<int> sizes, ReadOnlySpan<double> scales, InterpolationMode mode, bool alignCorners)
    {
        if (x.Rank < 3 || sizes.Length != x.Rank - 2) throw new ShapeException($"Interpolate: every axis after N and C needs one size, so x {x.Shape} needs {Math.Max(1, x.Rank - 2)}, but {sizes.Length} were given.");
        if (alignCorners && mode is (InterpolationMode.Nearest or InterpolationMode.NearestCentre)) throw new ShapeException($"Interpolate: alignCorners has no meaning for {mode}.");
        var y = x.AsFloating();
        // The last axis first: its work is not vectorised, and it is least before the others have grown.
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            int axis = i + 2, inputs = x.Dims[axis], outputs = sizes[i];
            if (outputs < 1 || inputs < 1) throw new ShapeException($"Interpolate: axis {axis} of {x.Shape} cannot be resampled to length {outputs}; both must be at least 1.");
            if (outputs == inputs && scales.Length == 0) continue;
            double? scale = scales.Length == 0 ? null : 1 / scales[i];
            y = MapAxis(y, axis, mode switch
            {
                InterpolationMode.Nearest => Taps.Nearest(inputs, outputs, scale, 0),
                InterpolationMode.NearestCentre => Taps.Nearest(inputs, outputs, scale, 1),
                InterpolationMode.Linear => Taps.Linear(inputs, outputs, scale, alignCorners),
                _ => Taps.CubicConvolution(inputs, outputs, scale, alignCorners),
            });
        }
        if (OpTrace.IsActive) OpTrace.Note("Resample", y, [x], (Sizes: sizes.ToArray(), Scales: scales.ToArray(), Mode: mode, AlignCorners: alignCorners));
        return y;
    }

    private static Tensor MapAxis(Tensor x, int axis, AxisMap map) =>
        Tape.Record("Interpolate", Backend.Of(x).MapAxis(x, axis, map), x, (Axis: axis, Map: map),
            static (g, saved, _) => MapAxis(g, saved.Axis, saved.Map.Transposed));
}
