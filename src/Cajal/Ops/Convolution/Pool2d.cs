using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>Pooling over windows: the largest sends its gradient to the winner, the mean spreads it evenly.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The largest element of each window: x [..., H, W] → [..., OH, OW]. The stride is the kernel unless given.</summary>
        public Tensor MaxPool2d(int kernel, int stride = 0, int padding = 0)
        {
            var g = PoolGeometry("MaxPool2d", x, kernel, stride, padding);
            x = x.Contiguous();
            var winners = new int[g.N * g.OutPlane];
            var y = Backend.Of(x).MaxPool(x, g, winners);
            return Tape.Record("MaxPool2d", y, x, (Winners: winners, From: x.Shape), static (dy, saved, _) => ScatterPlanes(dy, saved.Winners, saved.From));
        }

        /// <summary>The mean of each window (padding counts as zero): x [..., H, W] → [..., OH, OW]. The stride is the kernel unless given.</summary>
        public Tensor AvgPool2d(int kernel, int stride = 0, int padding = 0) => AveragePool(x, PoolGeometry("AvgPool2d", x, kernel, stride, padding), adjoint: false);

        /// <summary>The mean over height and width: x [N, C, H, W] → [N, C].</summary>
        public Tensor GlobalAvgPool2d() => x.Mean([-2, -1]);
    }

    private static Tensor AveragePool(Tensor x, ConvGeometry g, bool adjoint)
    {
        x = x.Contiguous();
        return Tape.Record("AvgPool2d", Backend.Of(x).AveragePool(x, g, adjoint), x, (Geometry: g, Adjoint: adjoint),
            static (dy, saved, _) => AveragePool(dy, saved.Geometry, !saved.Adjoint));
    }

    /// <summary>Adds each element to its winner's place in a plane of zeros; the adjoint picks the winners.</summary>
    private static Tensor ScatterPlanes(Tensor dy, int[] winners, Shape to)
    {
        dy = dy.Contiguous();
        var dx = Tensor.Zeros(to, dy.DType);
        int plane = to[^1] * to[^2], windows = dy.Dims[^1] * dy.Dims[^2];
        if (dy.DType == DType.Float32)
        {
            Span<float> source = dy.Span<float>(), target = dx.Span<float>();
            for (int i = 0; i < source.Length; i++) target[i / windows * plane + winners[i]] += source[i];
        }
        else
        {
            Span<double> source = dy.Span<double>(), target = dx.Span<double>();
            for (int i = 0; i < source.Length; i++) target[i / windows * plane + winners[i]] += source[i];
        }
        return Tape.Record("ScatterPlanes", dx, dy, (Winners: winners, From: to, Result: dy.Shape), static (u, saved, _) => GatherPlanes(u, saved.Winners, saved.From, saved.Result));
    }

    private static Tensor GatherPlanes(Tensor u, int[] winners, Shape from, Shape result)
    {
        u = u.Contiguous();
        var y = Tensor.Uninitialised(result.ToArray(), u.DType);
        int plane = from[^1] * from[^2], windows = result[^1] * result[^2];
        if (u.DType == DType.Float32)
        {
            Span<float> source = u.Span<float>(), target = y.Span<float>();
            for (int i = 0; i < target.Length; i++) target[i] = source[i / windows * plane + winners[i]];
        }
        else
        {
            Span<double> source = u.Span<double>(), target = y.Span<double>();
            for (int i = 0; i < target.Length; i++) target[i] = source[i / windows * plane + winners[i]];
        }
        return Tape.Record("GatherPlanes", y, u, (Winners: winners, From: from), static (dy, saved, _) => ScatterPlanes(dy, saved.Winners, saved.From));
    }

    private static ConvGeometry PoolGeometry(string op, Tensor x, int kernel, int stride, int padding)
    {
        if (x.Rank < 3) throw new ShapeException($"{op}: x must be [..., C, H, W], but it is {x.Shape}.");
        if (stride == 0) stride = kernel;
        if (kernel < 1 || stride < 1 || padding < 0 || padding * 2 > kernel) throw new ShapeException($"{op}: kernel {kernel} and stride {stride} must be at least 1, and padding {padding} between 0 and half the kernel.");
        int h = x.Dims[^2], w = x.Dims[^1], planes = x.Count / Math.Max(1, h * w);
        if (h + 2 * padding < kernel || w + 2 * padding < kernel) throw new ShapeException($"{op}: the window of {kernel} is larger than the padded image [{h + 2 * padding}, {w + 2 * padding}].");
        if (!x.DType.IsFloating) throw new ShapeException($"{op}: {x.DType} images must be cast to Float32 first.");
        return new(planes, 1, h, w, 1, kernel, kernel, stride, stride, padding, padding, 1, 1, 1);
    }
}
