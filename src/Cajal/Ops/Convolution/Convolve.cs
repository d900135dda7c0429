using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// The trilinear form Σ dy[n, o, p] x[n, c, p under tap] w[o, c, tap] seen from its three sides. Each side is the gradient of the others, so any
/// number of derivatives stays among these three ops.
/// </content>
public static partial class TensorOps
{
    /// <summary>y = x ∗ w + bias. d/dx and d/dw are the two functions below; d/dbias = Σ over images and positions.</summary>
    private static Tensor Convolve(string op, Tensor x, Tensor weight, Tensor? bias, ConvGeometry geometry)
    {
        var y = Backend.Of(x).Convolve(x, weight, bias, geometry, ConvDims(geometry.Batch, geometry.OutChannels, geometry, x.Rank - 2, static axis => axis.Output));
        ProductCounter.Count((long)y.Count * (weight.Count / Math.Max(1, weight.Dims[0])), x, weight);
        return Tape.Record(op, y, x, weight, bias, (X: (Saved)(weight.Node is null ? null : x), W: (Saved)(x.Node is null ? null : weight), G: geometry, Dims: weight.Dims),
            static (g, saved, needs) => (
                needs[0] ? ConvBackwardInput("ConvBackwardInput", g, saved.W, null, saved.G) : null,
                needs[1] ? ConvBackwardWeight(saved.X, g, saved.G, saved.Dims) : null,
                needs[2] ? SumChannels(g) : null));
    }

    /// <summary>The adjoint in x: dy [N, O, ...], weight [O, C / groups, ...] → [N, C, ...], a transposed convolution.</summary>
    private static Tensor ConvBackwardInput(string op, Tensor dy, Tensor weight, Tensor? bias, ConvGeometry geometry)
    {
        var x = Backend.Of(dy).ConvolveBackwardInput(dy, weight, bias, geometry, ConvDims(geometry.Batch, geometry.InChannels, geometry, dy.Rank - 2, static axis => axis.Input));
        ProductCounter.Count((long)dy.Count * (weight.Count / Math.Max(1, weight.Dims[0])), dy, weight);
        return Tape.Record(op, x, dy, weight, bias, (Dy: (Saved)(weight.Node is null ? null : dy), W: (Saved)(dy.Node is null ? null : weight), G: geometry, Dims: weight.Dims),
            static (g, saved, needs) => (
                needs[0] ? Convolve("Conv", g, saved.W, null, saved.G) : null,
                needs[1] ? ConvBackwardWeight(g, saved.Dy, saved.G, saved.Dims) : null,
                needs[2] ? SumChannels(g) : null));
    }

    /// <summary>The adjoint in w: x [N, C, ...], dy [N, O, ...] → [O, C / groups, kernel...].</summary>
    private static Tensor ConvBackwardWeight(Tensor x, Tensor dy, ConvGeometry geometry, int[] dims)
    {
        var dw = Backend.Of(x).ConvolveBackwardWeight(x, dy, geometry, dims);
        return Tape.Record("ConvBackwardWeight", dw, x, dy, (X: (Saved)(dy.Node is null ? null : x), Dy: (Saved)(x.Node is null ? null : dy), G: geometry),
            static (g, saved, needs) => (
                needs[0] ? ConvBackwardInput("ConvBackwardInput", saved.Dy, g, null, saved.G) : null,
                needs[1] ? Convolve("Conv", saved.X, g, null, saved.G) : null));
    }

    /// <summary>[N, C, ...] → [C].</summary>
    private static Tensor SumChannels(Tensor g) => g.Flatten(2).Sum([0, 2]);
}
