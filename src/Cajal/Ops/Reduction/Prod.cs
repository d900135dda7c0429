using System.Numerics;
using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>y = Π x; dy/dxᵢ = the product of all others, also where elements are 0.</content>
public static partial class TensorOps
{
    private static readonly ReduceKernel ProdKernel = new ReduceKernel<ProdOperator>("prod");

    extension(Tensor x)
    {
        /// <summary>The product over <paramref name="axes"/> (all when none is named).</summary>
        public Tensor Prod(ReadOnlySpan<int> axes = default, bool keepAxes = false)
        {
            if (x.DType == DType.Bool) x = x.Cast(DType.Int64);
            var marked = MarkAxes(x, axes, "Prod");
            var y = Backend.Of(x).Reduce(ProdKernel, x, marked);
            y = Tape.Record("Prod", y, x, (X: (Saved)x, Y: (Saved)y, Marked: marked), static (g, saved, _) => ProdSlope(g, saved.X, saved.Y, saved.Marked));
            return keepAxes ? y : DropAxes(y, marked);
        }
    }

    private static Tensor ProdSlope(Tensor g, Tensor x, Tensor y, bool[] marked)
    {
        var zero = x.EqualTo(0);
        if (zero.Any().Item() == 0) return g * (y / x);
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => marked[axis])];
        if (!GradMode.IsEnabled)
        {
            // One zero: it alone has a gradient, the product of the rest. Two or more: nobody has.
            var zeros = zero.Cast(x.DType).Sum(axes, keepAxes: true);
            var rest = Tensor.Where(zero, 1, x);
            var product = rest.Prod(axes, keepAxes: true);
            return g * Tensor.Where(zeros.EqualTo(0), y / rest, KeepWhere(product.Expand(x.Shape), (zero & zeros.EqualTo(1)).Cast(x.DType)));
        }
        // Differentiable with zeros too, at the price of n² numbers: row i holds x with 1 in place of xᵢ.
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(axis => !marked[axis]), .. axes];
        var last = x.Permute(order);
        int[] shape = last.Dims;
        var lines = last.Reshape([.. shape[..(x.Rank - axes.Length)], -1]);
        int n = lines.Dims[^1];
        var others = Tensor.Where(Tensor.Eye(n, DType.Bool), 1, lines.Unsqueeze(-2)).Prod([-1]).Reshape(shape);
        var inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return g * others.Permute(inverse);
    }

    private readonly struct ProdOperator : IReduceOperator
    {
        public Vector<T> Identity<T>() where T : unmanaged => Vector<T>.One;

        public Vector<T> Combine<T>(Vector<T> accumulated, Vector<T> x) where T : unmanaged => accumulated * x;
    }
}
