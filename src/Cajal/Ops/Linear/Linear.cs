using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>y = x Wᵀ + b; dx = dy W, dW = dyᵀ x summed over all leading axes, db = dy summed over them.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The affine map of a dense layer in one pass: x [B..., inFeatures] → x Wᵀ + b [B..., outFeatures].</summary>
        /// <param name="weight">W [outFeatures, inFeatures].</param>
        /// <param name="bias">b [outFeatures]; 0 when null.</param>
        /// <exception cref="ShapeException">The weight is no matrix, x does not end with inFeatures, or the bias is not [outFeatures].</exception>
        public Tensor Linear(Tensor weight, Tensor? bias = null)
        {
            if (weight.Rank != 2) throw new ShapeException($"Linear: the weight must be [outFeatures, inFeatures], but it is {weight.Shape}.");
            if (x.Rank == 0 || x.Dims[^1] != weight.Dims[1])
            {
                string hint = x.Rank > 0 && x.Dims[^1] == weight.Dims[0] ? " Transpose the weight?" : "";
                throw new ShapeException($"Linear: the last axis of x must be inFeatures = {weight.Dims[1]}; x {x.Shape}, weight {weight.Shape}.{hint}");
            }
            if (bias is not null && (bias.Rank != 1 || bias.Dims[0] != weight.Dims[0])) throw new ShapeException($"Linear: the bias must be [{weight.Dims[0]}], one number for each row of the weight {weight.Shape}, but it is {bias.Shape}.");
            x = x.AsFloating();
            Promote(ref x, ref weight);
            if (bias is not null && bias.DType != x.DType) bias = bias.Cast(x.DType);
            var y = Backend.Of(x).Linear(x, weight, bias);
            ProductCounter.Count((long)y.Count * weight.Dims[1], x, weight);
            var saved = (X: (Saved)(weight.Node is null ? null : x), Weight: (Saved)(x.Node is null ? null : weight));
            return bias is null ? Tape.Record("Linear", y, x, weight, saved, LinearGradients) : Tape.Record("Linear", y, x, weight, bias, saved, LinearGradients);
        }
    }

    private static InputGradients LinearGradients(Tensor g, (Saved X, Saved Weight) saved, Needs needs)
    {
        // The engine adds up the bias's gradient over all axes but the last.
        Tensor? bias = needs[2] ? g : null;
        if (!GradMode.IsEnabled)
        {
            return (needs[0] ? Backend.Of(g).LinearInputGradient(g, saved.Weight) : null, needs[1] ? Backend.Of(g).LinearWeightGradient(g, saved.X) : null, bias);
        }
        return (needs[0] ? g.MatMul(saved.Weight) : null, needs[1] ? OneBatch(g).T.MatMul(OneBatch(saved.X)) : null, bias);

        static Tensor OneBatch(Tensor x) => x.Reshape(Shape.CountOf(x.Dims.AsSpan(0, x.Rank - 1)), x.Dims[^1]);
    }
}
