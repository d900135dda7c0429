namespace Cajal;

/// <content>y = the largest of each group of neighbours along an axis; equal ones share the gradient.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The largest of every <paramref name="pieces"/> neighbours along an axis (Goodfellow et al. 2013): [N, K·pieces] → [N, K].</summary>
        /// <exception cref="ShapeException">The axis does not divide into groups of that size.</exception>
        public Tensor Maxout(int pieces, int axis = -1)
        {
            axis = x.Axis(axis, "Maxout");
            if (pieces < 1 || x.Dims[axis] % pieces != 0) throw new ShapeException($"Maxout: axis {axis} of {x.Shape} does not divide into groups of {pieces}.");
            return x.Unflatten(axis, x.Dims[axis] / pieces, pieces).Max([axis + 1]);
        }

        /// <summary>The first half along an axis times σ of the second half: the gated linear unit (Dauphin et al. 2017).</summary>
        /// <exception cref="ShapeException">The length of the axis is odd.</exception>
        public Tensor Glu(int axis = -1)
        {
            axis = x.Axis(axis, "Glu");
            int half = x.Dims[axis] / 2;
            if (x.Dims[axis] != 2 * half) throw new ShapeException($"Glu: axis {axis} of {x.Shape} must have an even length.");
            return x.Narrow(axis, 0, half) * x.Narrow(axis, half, half).Sigmoid();
        }
    }
}
