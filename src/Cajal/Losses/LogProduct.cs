using Cajal.Autodiff;

namespace Cajal;

/// <summary>What losses of probabilities share: y · ln p with 0 · -∞ = 0, the limit of y ln y, where plain multiplication gives NaN.</summary>
internal static class LogProduct
{
    /// <summary>weight · x, and 0 wherever the weight is 0 even if x is infinite; both broadcast. Derivatives: weight, and x.</summary>
    internal static Tensor Of(Tensor weight, Tensor x)
    {
        TensorOps.Promote(ref weight, ref x);
        Tensor w = weight.Detach(), plain = x.Detach();
        return Tape.Record("LogProduct", TensorOps.KeepWhere(plain, w) * w, weight, x, (Weight: (Saved)weight, X: (Saved)x), static (g, saved, needs) =>
            (needs[0] ? g * saved.X.Value : null, needs[1] ? g * saved.Weight.Value : null));
    }
}
