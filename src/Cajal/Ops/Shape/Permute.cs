using Cajal.Autodiff;

namespace Cajal;

/// <content>Axes in another order: views.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>A view whose axis i is axis <c>order[i]</c> of this tensor: [N, C, H, W] → [N, H, W, C] for Permute(0, 2, 3, 1).</summary>
        public Tensor Permute(params ReadOnlySpan<int> order)
        {
            if (order.Length != x.Rank) throw new ShapeException($"Permute: {order.Length} axes were named for a tensor of rank {x.Rank}, {x.Shape}.");
            var dims = new int[x.Rank];
            var strides = new int[x.Rank];
            var inverse = new int[x.Rank];
            var own = x.Strides;
            var seen = new bool[x.Rank];
            for (int i = 0; i < x.Rank; i++)
            {
                int axis = x.Axis(order[i], "Permute");
                if (seen[axis]) throw new ShapeException($"Permute: axis {order[i]} is named twice in {Shape.Format(order)}.");
                seen[axis] = true;
                dims[i] = x.Dims[axis];
                strides[i] = own[axis];
                inverse[axis] = i;
            }
            return Tape.Record("Permute", x.View(dims, strides, x.Offset), x, inverse, static (g, inverse, _) => g.Permute(inverse));
        }

        /// <summary>A view with two axes exchanged.</summary>
        public Tensor Transpose(int first = -2, int second = -1)
        {
            first = x.Axis(first, "Transpose");
            second = x.Axis(second, "Transpose");
            Span<int> order = stackalloc int[x.Rank];
            for (int i = 0; i < order.Length; i++) order[i] = i;
            (order[first], order[second]) = (second, first);
            return x.Permute(order);
        }

        /// <summary>The transposed matrix (the last two axes exchanged), as a view.</summary>
        public Tensor T => x.Transpose(-2, -1);
    }
}
