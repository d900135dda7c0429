namespace Cajal;

/// <content>y = x for x > 0, w x elsewhere; dy/dx = 1 or w, dy/dw = 0 or x.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// x where positive, weight · x elsewhere, with a learned slope (He et al. 2015): one for all, or one per channel, x [N, C, ...] with weight [C].
        /// </summary>
        /// <exception cref="ShapeException">The weight is neither one number nor one per channel.</exception>
        public Tensor Prelu(Tensor weight)
        {
            if (weight.Count == 1) weight = weight.Reshape();
            else
            {
                int channels = x.Rank > 1 ? x.Dims[1] : 1;
                if (weight.Rank != 1 || weight.Count != channels) throw new ShapeException($"Prelu: the weight must hold 1 number or one per channel (axis 1, {channels}); x {x.Shape}, weight {weight.Shape}.");
                int[] shape = new int[x.Rank - 1];
                Array.Fill(shape, 1);
                shape[0] = channels;
                weight = weight.Reshape(shape);
            }
            var positive = x > 0;
            return Tensor.Where(positive, x, 0) + weight * Tensor.Where(positive, 0, x);
        }
    }
}
