namespace Cajal;

/// <content>Axes read backwards: y[i] = x[L - 1 - i]. The gradient is flipped back.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>A copy with the order along the named axes reversed (along all axes when none is named).</summary>
        /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
        public Tensor Flip(params ReadOnlySpan<int> axes)
        {
            var marked = MarkAxes(x, axes, "Flip");
            var y = x;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if (!marked[axis] || x.Dims[axis] < 2) continue;
                var positions = new int[x.Dims[axis]];
                for (int i = 0; i < positions.Length; i++) positions[i] = positions.Length - 1 - i;
                y = TakeRows(y, axis, Tensor.From(positions, positions.Length));
            }
            return ReferenceEquals(x, y) ? x.Clone() : y;
        }
    }
}
