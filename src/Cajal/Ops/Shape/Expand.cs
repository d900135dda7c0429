using Cajal.Autodiff;

namespace Cajal;

/// <content>Repeating axes of length 1 without copying, and its adjoint.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>A view in which axes of length 1 (and new leading axes) repeat to the lengths of <paramref name="shape"/>; -1 keeps a length.</summary>
        public Tensor Expand(params ReadOnlySpan<int> shape)
        {
            var dims = shape.ToArray();
            if (dims.Length < x.Rank) throw new ShapeException($"Expand: {x.Shape} has more axes than {Shape.Format(shape)}.");
            for (int i = 1; i <= dims.Length; i++)
            {
                int own = i <= x.Rank ? x.Dims[^i] : 1;
                if (dims[^i] == -1) dims[^i] = own;
                if (own != 1 && own != dims[^i]) throw new ShapeException($"Expand: {x.Shape} does not broadcast to {Shape.Format(shape)}: axis -{i} is {own}, which is neither 1 nor {dims[^i]}.");
            }
            if (dims.AsSpan().SequenceEqual(x.Dims)) return x;
            return Tape.Record("Expand", x.View(dims, Broadcasting.Strides(x, dims), x.Offset), x, default(ValueTuple), static (g, _, _) => g);
        }

        /// <summary>The adjoint of <see cref="Expand"/>: sums over what was repeated, down to <paramref name="shape"/>.</summary>
        public Tensor SumTo(Shape shape)
        {
            if (x.Shape == shape) return x;
            int extra = x.Rank - shape.Rank;
            var axes = new List<int>();
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if (axis < extra || (shape[axis - extra] == 1 && x.Dims[axis] != 1)) axes.Add(axis);
            }
            var sum = axes.Count == 0 ? x : x.Sum([.. axes], keepAxes: true);
            return sum.Reshape(shape);
        }
    }
}
